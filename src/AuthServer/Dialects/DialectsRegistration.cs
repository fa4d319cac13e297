using AuthServer.Dialects.Kamiwaza;

namespace AuthServer.Dialects;

internal static class DialectsRegistration
{
    public static IServiceCollection AddDialects(this IServiceCollection services)
    {
        services.AddOptions<DialectOptions>().BindConfiguration(DialectOptions.Section, static o => o.ErrorOnUnknownConfiguration = true).ValidateDataAnnotations().ValidateOnStart();
        return services.AddSingleton<DialectTokens>().AddSingleton<DialectPersonalTokens>().AddSingleton<HeaderSignature>().AddSingleton<OwnEndpoints>().AddSingleton<CsrfTokens>().AddSingleton<DialectHealth>().AddSingleton<DialectPeople>().AddSingleton<DialectHandover>().AddSingleton<DialectSwitch>().AddKamiwaza();
    }

    public static void MapDialects(this IEndpointRouteBuilder endpoints) => endpoints.ServiceProvider.GetRequiredService<DialectSwitch>().Map(endpoints);
}
