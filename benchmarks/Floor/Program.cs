using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using AuthServer.Benchmarks.Floor;

// The least work that could do the job on this stack: bare Kestrel, no logging; parse the form, look the client up, compare a SHA-256 in fixed time, sign, answer.
var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders();
builder.WebHost.ConfigureKestrel(static kestrel => kestrel.AddServerHeader = false);
await using var app = builder.Build();

using var keys = new FloorKeys();
string[] ids = ["es256", "rs256", "opaque", "web"];
var clients = ids.ToFrozenDictionary(static id => id, static id => SHA256.HashData(Encoding.UTF8.GetBytes(id + "-secret")), StringComparer.Ordinal);
var codes = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
// As long as what the real server answers.
var document = Encoding.UTF8.GetBytes("{\"issuer\":\"" + new string('x', 2400) + "\"}");
var keySet = Encoding.UTF8.GetBytes("{\"keys\":\"" + new string('x', 800) + "\"}");
var profile = Encoding.UTF8.GetBytes("{\"sub\":\"" + new string('x', 250) + "\"}");

app.MapGet("/discovery", http => Answer(http, document));
app.MapGet("/jwks", http => Answer(http, keySet));
app.MapPost("/token", async http =>
{
    var form = await http.Request.ReadFormAsync();
    if (Authenticate(form) is not { } client)
    {
        http.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return;
    }

    var token = client switch { "opaque" => FloorKeys.Random256(), "rs256" => keys.Sign(rsa: true, client), _ => keys.Sign(rsa: false, client) };
    await Answer(http, Encoding.UTF8.GetBytes($$"""{"access_token":"{{token}}","token_type":"Bearer","expires_in":900,"scope":"notes"}"""));
});
app.MapPost("/introspect", async http =>
{
    var form = await http.Request.ReadFormAsync();
    if (Authenticate(form) is null || keys.Verify(form["token"].ToString()) is not { } payload)
    {
        http.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return;
    }

    await Answer(http, payload);
});
app.MapGet("/userinfo", async http =>
{
    if (http.Request.Headers.Authorization.ToString() is not { Length: > 7 } header || keys.Verify(header[7..]) is null)
    {
        http.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return;
    }

    await Answer(http, profile);
});
app.MapGet("/authorize", http =>
{
    var code = FloorKeys.Random256();
    codes[code] = http.Request.Query["code_challenge"].ToString();
    http.Response.Redirect($"{http.Request.Query["redirect_uri"]}?code={code}&state={http.Request.Query["state"]}");
    return Task.CompletedTask;
});
app.MapPost("/code", async http =>
{
    var form = await http.Request.ReadFormAsync();
    var challenge = System.Buffers.Text.Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString())));
    if (Authenticate(form) is not { } client || !codes.TryRemove(form["code"].ToString(), out var expected) || challenge != expected)
    {
        http.Response.StatusCode = StatusCodes.Status400BadRequest;
        return;
    }

    await Answer(http, Encoding.UTF8.GetBytes($$"""{"access_token":"{{keys.Sign(rsa: false, client)}}","token_type":"Bearer","expires_in":900,"refresh_token":"{{FloorKeys.Random256()}}","id_token":"{{keys.Sign(rsa: true, client)}}"}"""));
});
await app.RunAsync();

string? Authenticate(IFormCollection form)
{
    var id = form["client_id"].ToString();
    if (!clients.TryGetValue(id, out var hash)) return null;
    return CryptographicOperations.FixedTimeEquals(hash, SHA256.HashData(Encoding.UTF8.GetBytes(form["client_secret"].ToString()))) ? id : null;
}

static Task Answer(HttpContext http, byte[] json)
{
    http.Response.ContentType = "application/json";
    http.Response.ContentLength = json.Length;
    return http.Response.Body.WriteAsync(json).AsTask();
}
