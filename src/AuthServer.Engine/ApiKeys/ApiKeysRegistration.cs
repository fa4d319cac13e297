using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AuthServer.Engine.ApiKeys;

public static class ApiKeysRegistration
{
    public static IServiceCollection AddApiKeys(this IServiceCollection services)
    {
        services.AddOptions<ApiKeyOptions>().BindConfiguration(ApiKeyOptions.Section, static o => o.ErrorOnUnknownConfiguration = true).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ApiKeyOptions>, ApiKeyOptionsRules>().AddSingleton<IValidateOptions<ApiKeyOptions>, ApiKeyOptionsAgree>();
        return services.AddSingleton<ApiKeyScopes>();
    }

    /// <summary>What only a running server needs: its commands take no keys.</summary>
    public static IServiceCollection AddApiKeyRequests(this IServiceCollection services) => services
        .AddSingleton<ApiKeyUses>().AddHostedService(static s => s.GetRequiredService<ApiKeyUses>())
        .AddSingleton<ApiKeyVerifier>().AddSingleton<ApiKeyTokens>();
}
