using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.Engine.Factors;

/// <summary>Registers second factors. The host adds the store, the tickets and the mail.</summary>
public static class FactorsRegistration
{
    public static IServiceCollection AddFactors(this IServiceCollection services) => services
        .AddSingleton<FactorBrake>().AddSingleton<FactorNotices>()
        .AddSingleton<AuthenticatorApp>().AddSingleton<RecoveryCodes>().AddSingleton<EmailCodes>().AddSingleton<Passkeys>().AddSingleton<OpenChallenges>();
}
