using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AuthServer.Engine.Mail;

/// <summary>Registers mail. The running server sends; a command only posts, and delivers before it ends.</summary>
public static class MailRegistration
{
    /// <param name="folder">Where letters go in Development without an SMTP server.</param>
    public static IServiceCollection AddMail(this IServiceCollection services, Func<IServiceProvider, string> folder)
    {
        services.AddOptions<MailOptions>().BindConfiguration(MailOptions.Section, static o => o.ErrorOnUnknownConfiguration = true)
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<MailOptions>, MailOptionsRules>().AddSingleton<IValidateOptions<MailOptions>, MailOptionsAgree>();
        services.AddLocalization();
        services.AddSingleton<LetterWriter>();
        services.AddSingleton(s => new FolderTransport(folder(s), s.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton(Choose);
        services.AddSingleton<PostOffice>().AddSingleton<IPostOffice>(static s => s.GetRequiredService<PostOffice>());
        return services;
    }

    private static IMailTransport Choose(IServiceProvider services)
    {
        if (services.GetRequiredService<IOptions<MailOptions>>().Value.Host is { Length: > 0 }) return ActivatorUtilities.CreateInstance<SmtpTransport>(services);
        return services.GetRequiredService<IHostEnvironment>().IsDevelopment() ? services.GetRequiredService<FolderTransport>() : ActivatorUtilities.CreateInstance<NoTransport>(services);
    }
}

/// <summary>Production without an SMTP server: says once that nothing can be sent, and what to set.</summary>
public sealed partial class NoTransport : IMailTransport
{
    public NoTransport(ILogger<NoTransport> logger) => Warn(logger);

    public Task SendAsync(WrittenLetter letter, CancellationToken ct) => Task.CompletedTask;

    [LoggerMessage(8105, LogLevel.Warning, "Mail is not sent: nobody can confirm an address or reset a password. Set Mail:Host and Mail:From, see docs/operations.md")]
    private static partial void Warn(ILogger logger);
}
