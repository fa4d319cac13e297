using AuthServer.Dialects.Answers;

namespace AuthServer.Dialects.Kamiwaza;

/// <summary>
/// Kamiwaza's AuthService, both what its SDK up to 0.5.2 and what the current one calls. Every answer is JSON and every success is 200, creates and deletes too: the older SDKs take nothing else.
/// All paths are served with and without <c>/api</c> before them.
/// </summary>
internal sealed class KamiwazaDialect(
    KamiwazaSignIn signIn, KamiwazaSelf self, KamiwazaPeople people, KamiwazaDirectory directory, KamiwazaLinks links, KamiwazaForwardAuth forward, KamiwazaTokens tokens, KamiwazaSessions sessions,
    KamiwazaFront front, KamiwazaBrowser browser, KamiwazaCallers callers) : IDialect
{
    public string Name => "Kamiwaza";

    public IResult Plain(DialectRequest request, int status) => FastApi.Plain(status);

    public void Map(DialectRoutes routes)
    {
        MapOpen(routes);
        MapSelf(routes);
        MapAdministration(routes);
        // What is not there is said in JSON: clients take HTML for another server.
        foreach (var add in new Action<DialectHandler, IReadOnlyList<string>>[] { routes.Get, routes.Post, routes.Put, routes.Patch, routes.Delete })
            add(static (_, _) => Task.FromResult<IResult>(FastApi.Plain(StatusCodes.Status404NotFound)), Both("/auth/{**rest}"));
    }

    private void MapOpen(DialectRoutes routes)
    {
        routes.Post(signIn.TokenAsync, Both("/auth/token"));
        routes.Post(signIn.LocalLoginAsync, Both("/auth/local-login"));
        routes.Post(signIn.RefreshAsync, Both("/auth/refresh"));
        routes.Post(signIn.LogoutAsync, Both("/auth/logout"));
        routes.Get(forward.ValidateAsync, Both("/auth/validate", "/auth/forward/validate"));
        routes.Post(forward.ValidateAsync, Both("/auth/validate"));
        routes.Get(KamiwazaFront.Root, Both("/auth"));
        routes.Get(KamiwazaFront.Health, Both("/auth/health"));
        routes.Get(front.Ping, Both("/ping"));
        routes.Get(front.Jwks, Both("/auth/jwks"));
        routes.Get(front.Providers, Both("/auth/idp/providers", "/auth/idp/public/providers"));
        routes.Get(browser.Login, Both("/auth/login"));
        routes.Get(browser.CallbackAsync, Both("/auth/callback"));
        routes.Get(browser.FrontChannelLogoutAsync, Both("/auth/logout/front-channel"));
    }

    private void MapSelf(DialectRoutes routes)
    {
        routes.Get(callers.Known(self.VerifyTokenAsync), Both("/auth/verify-token"));
        routes.Get(callers.Known(self.MeAsync), Both("/auth/users/me", "/whoami"));
        routes.Get(self.PermissionsAsync, Both("/auth/users/me/permissions"));
        routes.Post(self.PermissionsAsync, Both("/auth/users/me/permissions"));
        routes.Post(callers.Known(self.PasswordAsync), Both("/auth/users/me/password"));
        routes.Get(callers.Known(tokens.ListAsync), Both("/auth/pats"));
        routes.Post(callers.Known(tokens.CreateAsync), Both("/auth/pats"));
        routes.Delete(callers.Known(tokens.RevokeAsync), Both("/auth/pats/{jti}"));
    }

    private void MapAdministration(DialectRoutes routes)
    {
        routes.Post(callers.Known(sessions.PurgeAsync), Both("/auth/sessions/purge"));
        routes.Delete(callers.Known(sessions.EndAsync), Both("/auth/sessions/{id}"));
        routes.Post(callers.Known(KamiwazaFront.ProvidersAreSettings), Both("/auth/idp/register"));
        foreach (var add in new Action<DialectHandler, IReadOnlyList<string>>[] { routes.Put, routes.Patch, routes.Delete }) add(callers.Known(KamiwazaFront.ProvidersAreSettings), Both("/auth/idp/{alias}"));

        routes.Get(callers.Known(people.ListAsync), Both("/auth/users"));
        routes.Post(callers.Known(people.CreateAsync), Both("/auth/users/local"));
        routes.Get(callers.Known(people.FindAsync), Both("/auth/users/{id}"));
        routes.Put(callers.Known(people.UpdateAsync), Both("/auth/users/{id}"));
        routes.Delete(callers.Known(people.RemoveAsync), Both("/auth/users/{id}"));
        routes.Post(callers.Known(people.SetPasswordAsync), Both("/auth/users/{id}/password"));

        foreach (var kind in directory.Kinds)
        {
            routes.Get(callers.Known(kind.ListAsync), Both("/auth/" + kind.Name));
            routes.Post(callers.Known(kind.CreateAsync), Both("/auth/" + kind.Name));
            routes.Get(callers.Known(kind.FindAsync), Both($"/auth/{kind.Name}/{{id}}"));
            routes.Put(callers.Known(kind.UpdateAsync), Both($"/auth/{kind.Name}/{{id}}"));
            routes.Delete(callers.Known(kind.RemoveAsync), Both($"/auth/{kind.Name}/{{id}}"));
        }

        foreach (var (path, link) in KamiwazaLinks.All)
        {
            routes.Post(callers.Known((r, c, ct) => links.ChangeAsync(r, c, link, join: true, ct)), Both(path));
            routes.Delete(callers.Known((r, c, ct) => links.ChangeAsync(r, c, link, join: false, ct)), Both(path));
        }
    }

    private static IReadOnlyList<string> Both(params IReadOnlyList<string> paths) => [.. paths, .. paths.Select(static p => "/api" + p)];
}
