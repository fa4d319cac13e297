using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.Engine.Recovery;

/// <summary>Registers what people do with links in mails. The host adds stores, tickets and mail.</summary>
public static class RecoveryRegistration
{
    public static IServiceCollection AddRecovery(this IServiceCollection services) => services
        .AddSingleton<ConfirmedAddress>().AddSingleton<EmailConfirmation>().AddSingleton<AddressChange>().AddSingleton<PasswordResetLetters>().AddSingleton<PasswordReset>()
        .AddSingleton<PasswordResetRequests>().AddHostedService(static s => s.GetRequiredService<PasswordResetRequests>());
}
