using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AuthServer.Engine.Upstream;

/// <summary>Registers sign-in by other providers. The host adds the one outbound client.</summary>
public static class UpstreamRegistration
{
    public static IServiceCollection AddUpstream(this IServiceCollection services)
    {
        services.AddOptions<UpstreamOptions>().BindConfiguration(UpstreamOptions.Section, static o => o.ErrorOnUnknownConfiguration = true).ValidateOnStart();
        services.AddSingleton<IValidateOptions<UpstreamOptions>, UpstreamOptionsRules>();
        return services.AddSingleton<UpstreamProviders>().AddSingleton<UpstreamDiscovery>().AddSingleton<UpstreamExchange>().AddSingleton<UpstreamAccounts>().AddSingleton<UpstreamSignIn>();
    }
}
