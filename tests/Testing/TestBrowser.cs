using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Microsoft.AspNetCore.WebUtilities;

namespace AuthServer.Testing;

/// <summary>One page, or the moment the browser is sent to somebody else.</summary>
public sealed record BrowserPage(HttpStatusCode Status, Uri Url, HttpResponseMessage Response, string Html)
{
    public IHtmlDocument Document { get; } = new HtmlParser().ParseDocument(Html);

    /// <summary>Where the browser was sent away from this server to; null while it stays.</summary>
    public Uri? Callback { get; init; }

    /// <summary>The answer of the authorization endpoint, from the query, the fragment or the posted form.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    public string? this[string parameter] => Parameters.GetValueOrDefault(parameter);
}

/// <summary>A browser without script: keeps cookies, follows redirects on this server, stops where it is sent away, fills forms.</summary>
public sealed class TestBrowser : IDisposable
{
    private readonly HttpClient _http;
    private readonly Uri _origin;

    public TestBrowser(TestServer server)
    {
        _origin = new Uri(server.Issuer);
        _http = new HttpClient(server.NewHandler()) { BaseAddress = _origin };
    }

    public CookieContainer Cookies { get; } = new();

    /// <summary>The languages the person has set, as the browser sends them; none where null.</summary>
    public string? AcceptLanguage { get; init; }

    public void Dispose() => _http.Dispose();

    public Task<BrowserPage> GetAsync(string url) => SendAsync(() => new HttpRequestMessage(HttpMethod.Get, new Uri(_origin, url)), crossSite: false);

    /// <summary>A form on another site posts to this server: cookies with SameSite stay behind.</summary>
    public Task<BrowserPage> PostCrossSiteAsync(string url, IEnumerable<KeyValuePair<string, string>> form) =>
        SendAsync(() => new HttpRequestMessage(HttpMethod.Post, new Uri(_origin, url)) { Content = new FormUrlEncodedContent(form) }, crossSite: true);

    /// <summary>Fills the page's first form (or the one with the button) and presses the button.</summary>
    public Task<BrowserPage> SubmitAsync(BrowserPage page, IReadOnlyDictionary<string, string> values, string? buttonValue = null)
    {
        var button = buttonValue is null ? null : page.Document.QuerySelectorAll<IHtmlButtonElement>("button").First(b => b.Value == buttonValue);
        var form = button?.Form ?? page.Document.QuerySelectorAll<IHtmlFormElement>("form").First(f => string.Equals(f.Method, "post", StringComparison.OrdinalIgnoreCase));
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var input in form.QuerySelectorAll<IHtmlInputElement>("input"))
        {
            if (input.Name is not { Length: > 0 } name || (input.Type is "checkbox" or "radio" && !input.IsChecked)) continue;
            fields[name] = input.Value;
        }

        foreach (var area in form.QuerySelectorAll<IHtmlTextAreaElement>("textarea"))
            if (area.Name is { Length: > 0 } name) fields[name] = area.Value;
        foreach (var select in form.QuerySelectorAll<IHtmlSelectElement>("select"))
            if (select.Name is { Length: > 0 } name) fields[name] = select.Value ?? "";
        foreach (var (name, value) in values) fields[name] = value;
        var pressed = button ?? form.QuerySelectorAll<IHtmlButtonElement>("button").FirstOrDefault(b => b.Type == "submit");
        if (pressed?.Name is { Length: > 0 } buttonName) fields[buttonName] = pressed.Value;
        var action = form.GetAttribute("action") is { Length: > 0 } target ? new Uri(page.Url, target) : page.Url;
        return SendAsync(() => new HttpRequestMessage(HttpMethod.Post, action) { Content = new FormUrlEncodedContent(fields) }, crossSite: false, FormActionOf(page));
    }

    /// <summary>Opens an authorization request and does what its pages ask for, as this user, until the client gets its answer or a page has nothing to fill in.</summary>
    public async Task<BrowserPage> AuthorizeAsync(string url, TestUser? user = null) => await WalkAsync(await GetAsync(url), user);

    /// <summary>Goes on from a page: does what it and the next ones ask for, as this user.</summary>
    public async Task<BrowserPage> WalkAsync(BrowserPage page, TestUser? user)
    {
        for (var step = 0; step < 6 && page.Callback is null && page.Status == HttpStatusCode.OK && user is not null; step++)
        {
            page = page.Url.AbsolutePath switch
            {
                "/login" => await SignInAsync(page, user.UserName, user.Password),
                "/consent" => await SubmitAsync(page, new Dictionary<string, string>(), AllowButton(page)),
                "/select-account" => await SubmitAsync(page, new Dictionary<string, string>()),
                _ => page,
            };
        }

        return page;
    }

    public Task<BrowserPage> SignInAsync(BrowserPage loginPage, string userName, string password)
    {
        var form = loginPage.Document.QuerySelectorAll<IHtmlFormElement>("form").First(f => f.QuerySelector("input[type=password]") is not null);
        var name = form.QuerySelector<IHtmlInputElement>("input[autocomplete~=username]")!.Name!;
        var secret = form.QuerySelector<IHtmlInputElement>("input[type=password]")!.Name!;
        return SubmitAsync(loginPage, new Dictionary<string, string> { [name] = userName, [secret] = password }, form.QuerySelector<IHtmlButtonElement>("button[type=submit][value]")?.Value);
    }

    private static string? AllowButton(BrowserPage page) => page.Document.QuerySelectorAll<IHtmlButtonElement>("button").Select(b => b.Value).FirstOrDefault(v => v is "allow" or "Allow" or "true" or "yes");

    /// <param name="formAction">Where the page whose form was sent lets its forms lead: browsers hold every redirect that follows to it, too.</param>
    private async Task<BrowserPage> SendAsync(Func<HttpRequestMessage> make, bool crossSite, string[]? formAction = null)
    {
        var request = make();
        for (var hop = 0; hop < 20; hop++)
        {
            var cookies = Cookies.GetCookieHeader(request.RequestUri!);
            if (cookies.Length > 0 && !(crossSite && request.Method == HttpMethod.Post)) request.Headers.Add("Cookie", cookies);
            request.Headers.Accept.ParseAdd("text/html");
            if (AcceptLanguage is not null) request.Headers.Add("Accept-Language", AcceptLanguage);
            var response = await _http.SendAsync(request);
            if (response.Headers.TryGetValues("Set-Cookie", out var set))
                foreach (var cookie in set) Cookies.SetCookies(request.RequestUri!, WithoutSameSite(cookie));

            if (response.Headers.Location is not { } location) return await PageAsync(response, request.RequestUri!);
            var next = new Uri(request.RequestUri!, location);
            if (!IsOurs(next) && formAction?.Any(source => Allows(source, next)) == false)
                throw new InvalidOperationException($"A browser would stop here: the page's form-action is {string.Join(' ', formAction)}, and the redirect after its form goes to {next.GetLeftPart(UriPartial.Authority)}.");
            if (!IsOurs(next)) return await PageAsync(response, request.RequestUri!) with { Callback = next, Parameters = Parse(next) };
            request = new HttpRequestMessage(HttpMethod.Get, next);
        }

        throw new InvalidOperationException("The server redirects in a circle.");
    }

    private async Task<BrowserPage> PageAsync(HttpResponseMessage response, Uri url)
    {
        var page = new BrowserPage(response.StatusCode, url, response, await response.Content.ReadAsStringAsync());
        // A form_post page posts itself; a browser with script would be gone by now.
        if (page.Document.QuerySelector<IHtmlFormElement>("form")?.GetAttribute("action") is { } action && Uri.TryCreate(action, UriKind.Absolute, out var target) && target.Scheme is "http" or "https" && !IsOurs(target))
        {
            var fields = page.Document.QuerySelectorAll<IHtmlInputElement>("form input[type=hidden]").ToDictionary(i => i.Name!, i => i.Value, StringComparer.Ordinal);
            return page with { Callback = target, Parameters = fields };
        }

        return page;
    }

    /// <summary>Null where the page's Content-Security-Policy has no <c>form-action</c> and so allows everything.</summary>
    private static string[]? FormActionOf(BrowserPage page)
    {
        if (!page.Response.Headers.TryGetValues("Content-Security-Policy", out var policies)) return null;
        var directives = policies.SelectMany(p => p.Split(';', StringSplitOptions.TrimEntries)).Select(d => d.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return directives.Where(d => d is ["form-action", ..]).Select(d => d[1..]).FirstOrDefault();
    }

    /// <summary>An origin, or a scheme and nothing else.</summary>
    private static bool Allows(string source, Uri target) =>
        source.EndsWith(':') ? source == target.Scheme + ":" : Uri.TryCreate(source, UriKind.Absolute, out var origin) && origin.Scheme == target.Scheme && origin.Authority == target.Authority;

    private bool IsOurs(Uri url) => url.Scheme == _origin.Scheme && url.Authority == _origin.Authority;

    private static Dictionary<string, string> Parse(Uri callback)
    {
        var text = callback.Fragment.Length > 1 ? callback.Fragment[1..] : callback.Query;
        return QueryHelpers.ParseQuery(text).ToDictionary(p => p.Key, p => p.Value.ToString(), StringComparer.Ordinal);
    }

    /// <summary>.NET's container does not know the attribute and would read its value as a name.</summary>
    private static string WithoutSameSite(string cookie) => string.Join(';', cookie.Split(';').Where(part => !part.TrimStart().StartsWith("samesite", StringComparison.OrdinalIgnoreCase)));
}
