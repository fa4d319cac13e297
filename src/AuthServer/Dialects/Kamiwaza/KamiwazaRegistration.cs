namespace AuthServer.Dialects.Kamiwaza;

internal static class KamiwazaRegistration
{
    public static IServiceCollection AddKamiwaza(this IServiceCollection services) => services
        .AddSingleton<KamiwazaCallers>().AddSingleton<KamiwazaSignIn>().AddSingleton<KamiwazaSelf>().AddSingleton<KamiwazaPeople>().AddSingleton<KamiwazaMembership>().AddSingleton<KamiwazaDirectory>()
        .AddSingleton<KamiwazaLinks>().AddSingleton<KamiwazaForwardAuth>().AddSingleton<KamiwazaTokens>().AddSingleton<KamiwazaSessions>().AddSingleton<KamiwazaFront>().AddSingleton<KamiwazaBrowser>();
}
