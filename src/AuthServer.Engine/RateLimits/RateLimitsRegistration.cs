using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AuthServer.Engine.RateLimits;

public static class RateLimitsRegistration
{
    public static IServiceCollection AddRateLimits(this IServiceCollection services)
    {
        services.AddOptions<RateLimitOptions>().BindConfiguration(RateLimitOptions.Section, static o => o.ErrorOnUnknownConfiguration = true).ValidateOnStart();
        services.AddSingleton<IValidateOptions<RateLimitOptions>, RateLimitOptionsRules>();
        return services.AddSingleton<RateLimiter>().AddSingleton<TrafficLimits>().AddSingleton<RateSharing>().AddHostedService(static s => s.GetRequiredService<RateSharing>());
    }
}
