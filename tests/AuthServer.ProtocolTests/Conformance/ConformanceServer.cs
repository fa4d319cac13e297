using AuthServer.Engine.Clients;
using AuthServer.Engine.Protocol;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.ProtocolTests.Conformance;

/// <summary>A client as the conformance suite has it typed in.</summary>
public sealed record SuiteClient(string Id, string Secret, string AuthMethod, string RedirectUri);

/// <summary>One server for a class of modules, with the static clients and the person that the suite asks a tester for.</summary>
public sealed class ConformanceServer : IAsyncLifetime
{
    private const string Suite = "https://suite.test/test/a/authserver";
    public const string PostLogoutRedirectUri = Suite + "/post_logout_redirect";

    /// <summary>Every claim of the scopes profile, email, address and phone; what is not here is a column of the account.</summary>
    private const string Claims = """
        {
          "name": "Buffy Anne Summers", "given_name": "Buffy", "family_name": "Summers", "middle_name": "Anne", "nickname": "Buff", "gender": "female", "birthdate": "1981-01-19",
          "profile": "https://people.test/buffy", "picture": "https://people.test/buffy.png", "website": "https://buffy.test/", "zoneinfo": "America/Los_Angeles", "locale": "en-US",
          "address": { "formatted": "1630 Revello Drive\nSunnydale", "street_address": "1630 Revello Drive", "locality": "Sunnydale", "region": "CA", "postal_code": "95037", "country": "USA" },
          "email": "buffy@example.com", "email_verified": true, "phone_number": "+1 425 555 1212", "phone_number_verified": false
        }
        """;

    private int _persons;

    public TestServer Server { get; private set; } = null!;

    public TestUser Buffy { get; private set; } = null!;

    /// <summary>Its secret changes under a Basic header that is not form-encoded (RFC 6749 §2.3.1).</summary>
    public SuiteClient First { get; } = new("suite-first", "p+q%2Fr:s/t=u&v 0123456789abcdef", "client_secret_basic", Suite + "/callback");

    /// <summary>Its redirect URI has a query of its own, which has to survive.</summary>
    public SuiteClient Second { get; } = new("suite-second", "fedcba9876543210fedcba9876543210", "client_secret_basic", Suite + "/callback?dummy1=lorem&dummy2=ipsum");

    public SuiteClient WithPost { get; } = new("suite-post", "00112233445566778899aabbccddeeff", "client_secret_post", Suite + "/callback");

    public async Task InitializeAsync()
    {
        Server = await TestServer.StartAsync();
        foreach (var client in new[] { First, Second, WithPost })
        {
            await Server.AddClientAsync(
                new Client
                {
                    ClientId = client.Id,
                    RedirectUris = [client.RedirectUri],
                    PostLogoutRedirectUris = [PostLogoutRedirectUri],
                    GrantTypes = [GrantTypes.AuthorizationCode, GrantTypes.Implicit, GrantTypes.RefreshToken],
                    ResponseTypes = ResponseTypes.All,
                    TokenEndpointAuthMethod = client.AuthMethod,
                    // Most modules send no code_challenge.
                    RequirePkce = false,
                },
                client.Secret);
        }

        Buffy = await NewPersonAsync();
    }

    /// <summary>Somebody who has never consented to anything.</summary>
    public Task<TestUser> NewPersonAsync()
    {
        var name = $"buffy{++_persons}";
        return Server.AddUserAsync(name, Claims.Replace("buffy@", name + "@", StringComparison.Ordinal));
    }

    public async Task DisposeAsync() => await Server.DisposeAsync();
}
