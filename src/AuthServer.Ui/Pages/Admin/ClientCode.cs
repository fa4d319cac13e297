using AuthServer.Engine.Administration;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Protocol;

namespace AuthServer.Ui.Pages.Admin;

/// <summary>The finished settings of a client, and code for three common libraries of its kind, to paste into the app.</summary>
/// <param name="Secret">Only right after it was made; the code says where it belongs, never what it is.</param>
internal sealed record ClientCode(Client Client, string Kind, Issuer Issuer, string? Secret)
{
    private string Scope => Client.Scope is { Count: > 0 } scopes ? scopes.ToString() : Kind == ClientKinds.Service ? "" : "openid profile email";

    private string Redirect => Client.RedirectUris.Count > 0 ? Client.RedirectUris[0] : "";

    /// <summary>Name and value, as discovery names them.</summary>
    public IEnumerable<(string Name, string Value)> Settings()
    {
        yield return ("issuer", Issuer.Identifier);
        yield return ("client_id", Client.ClientId);
        if (Kind is ClientKinds.Spa or ClientKinds.Web or ClientKinds.Native) yield return ("redirect_uri", Redirect);
        if (Scope.Length > 0) yield return ("scope", Scope);
        yield return ("token_endpoint_auth_method", Client.TokenEndpointAuthMethod);
    }

    /// <summary>The library's name and the code.</summary>
    public IReadOnlyList<(string Library, string Text)> Examples() => Kind switch
    {
        ClientKinds.Spa => [("oidc-client-ts", OidcClientTs), ("react-oidc-context", ReactOidcContext), ("angular-auth-oidc-client", AngularAuth)],
        ClientKinds.Web => [("ASP.NET Core", AspNetCore), ("openid-client (Node.js)", OpenIdClient), ("Authlib (Python)", AuthlibWeb)],
        ClientKinds.Native => [("AppAuth for Android", AppAuthAndroid), ("AppAuth for iOS", AppAuthIos), ("flutter_appauth", FlutterAppAuth)],
        ClientKinds.Service => [("openid-client (Node.js)", OpenIdClientService), ("Authlib (Python)", AuthlibService), ("Spring Security", SpringService)],
        _ => [("openid-client (Node.js)", OpenIdClientDevice), ("golang.org/x/oauth2", GoDevice), ("Authlib (Python)", AuthlibDevice)],
    };

    private string OidcClientTs => $$"""
        import { UserManager } from 'oidc-client-ts';

        const users = new UserManager({
          authority: '{{Issuer.Identifier}}',
          client_id: '{{Client.ClientId}}',
          redirect_uri: '{{Redirect}}',
          scope: '{{Scope}}',
        });
        await users.signinRedirect();            // on the sign-in button
        const user = await users.signinCallback(); // on the redirect URI
        """;

    private string ReactOidcContext => $$"""
        import { AuthProvider } from 'react-oidc-context';

        <AuthProvider
          authority="{{Issuer.Identifier}}"
          client_id="{{Client.ClientId}}"
          redirect_uri="{{Redirect}}"
          scope="{{Scope}}">
          <App />
        </AuthProvider>
        """;

    private string AngularAuth => $$"""
        provideAuth({
          config: {
            authority: '{{Issuer.Identifier}}',
            clientId: '{{Client.ClientId}}',
            redirectUrl: '{{Redirect}}',
            scope: '{{Scope}}',
            responseType: 'code',
            useRefreshToken: true,
          },
        })
        """;

    private string AspNetCore => $$"""
        builder.Services.AddAuthentication(o => { o.DefaultScheme = "Cookies"; o.DefaultChallengeScheme = "oidc"; })
            .AddCookie("Cookies")
            .AddOpenIdConnect("oidc", o =>
            {
                o.Authority = "{{Issuer.Identifier}}";
                o.ClientId = "{{Client.ClientId}}";
                o.ClientSecret = builder.Configuration["Oidc:ClientSecret"];
                o.ResponseType = "code";
                o.MapInboundClaims = false;
            });
        """;

    private string OpenIdClient => $$"""
        import * as client from 'openid-client';

        const config = await client.discovery(new URL('{{Issuer.Identifier}}'), '{{Client.ClientId}}', process.env.CLIENT_SECRET);
        const verifier = client.randomPKCECodeVerifier();
        const url = client.buildAuthorizationUrl(config, {
          redirect_uri: '{{Redirect}}',
          scope: '{{Scope}}',
          code_challenge: await client.calculatePKCECodeChallenge(verifier),
          code_challenge_method: 'S256',
        });
        """;

    private string AuthlibWeb => $$"""
        oauth.register(
            'authserver',
            client_id='{{Client.ClientId}}',
            client_secret=os.environ['CLIENT_SECRET'],
            server_metadata_url='{{Issuer.Url("/.well-known/openid-configuration")}}',
            client_kwargs={'scope': '{{Scope}}', 'code_challenge_method': 'S256'},
        )
        """;

    private string AppAuthAndroid => $$"""
        AuthorizationServiceConfiguration.fetchFromIssuer(Uri.parse("{{Issuer.Identifier}}")) { config, fault ->
            val request = AuthorizationRequest.Builder(config!!, "{{Client.ClientId}}", ResponseTypeValues.CODE, Uri.parse("{{Redirect}}"))
                .setScope("{{Scope}}")
                .build()
            startActivityForResult(AuthorizationService(this).getAuthorizationRequestIntent(request), SIGN_IN)
        }
        """;

    private string AppAuthIos => $$"""
        OIDAuthorizationService.discoverConfiguration(forIssuer: URL(string: "{{Issuer.Identifier}}")!) { config, fault in
            let request = OIDAuthorizationRequest(configuration: config!, clientId: "{{Client.ClientId}}",
                scopes: "{{Scope}}".components(separatedBy: " "), redirectURL: URL(string: "{{Redirect}}")!,
                responseType: OIDResponseTypeCode, additionalParameters: nil)
            flow = OIDAuthState.authState(byPresenting: request, presenting: self) { state, fault in }
        }
        """;

    private string FlutterAppAuth => $$"""
        final tokens = await const FlutterAppAuth().authorizeAndExchangeCode(
          AuthorizationTokenRequest(
            '{{Client.ClientId}}', '{{Redirect}}',
            issuer: '{{Issuer.Identifier}}',
            scopes: '{{Scope}}'.split(' '),
          ),
        );
        """;

    private string OpenIdClientService => $$"""
        import * as client from 'openid-client';

        const config = await client.discovery(new URL('{{Issuer.Identifier}}'), '{{Client.ClientId}}', process.env.CLIENT_SECRET);
        const { access_token } = await client.clientCredentialsGrant(config, { scope: '{{Scope}}' });
        """;

    private string AuthlibService => $$"""
        session = OAuth2Session('{{Client.ClientId}}', os.environ['CLIENT_SECRET'], scope='{{Scope}}')
        session.fetch_token('{{Issuer.Url("/connect/token")}}', grant_type='client_credentials')
        """;

    private string SpringService => $$"""
        spring.security.oauth2.client.provider.authserver.issuer-uri={{Issuer.Identifier}}
        spring.security.oauth2.client.registration.authserver.client-id={{Client.ClientId}}
        spring.security.oauth2.client.registration.authserver.client-secret=${CLIENT_SECRET}
        spring.security.oauth2.client.registration.authserver.authorization-grant-type=client_credentials
        spring.security.oauth2.client.registration.authserver.scope={{Scope.Replace(' ', ',')}}
        """;

    private string OpenIdClientDevice => $$"""
        import * as client from 'openid-client';

        const config = await client.discovery(new URL('{{Issuer.Identifier}}'), '{{Client.ClientId}}', undefined, client.None());
        const device = await client.initiateDeviceAuthorization(config, { scope: '{{Scope}}' });
        console.log(`Open ${device.verification_uri} and type ${device.user_code}`);
        const tokens = await client.pollDeviceAuthorizationGrant(config, device);
        """;

    private string GoDevice => $$"""
        provider, _ := oidc.NewProvider(ctx, "{{Issuer.Identifier}}")
        config := oauth2.Config{ClientID: "{{Client.ClientId}}", Endpoint: provider.Endpoint(), Scopes: strings.Fields("{{Scope}}")}
        device, _ := config.DeviceAuth(ctx)
        fmt.Println("Open", device.VerificationURI, "and type", device.UserCode)
        token, _ := config.DeviceAccessToken(ctx, device)
        """;

    private string AuthlibDevice => $$"""
        metadata = requests.get('{{Issuer.Url("/.well-known/openid-configuration")}}').json()
        session = OAuth2Session('{{Client.ClientId}}', token_endpoint_auth_method='none')
        device = requests.post(metadata['device_authorization_endpoint'], data={'client_id': '{{Client.ClientId}}', 'scope': '{{Scope}}'}).json()
        print('Open', device['verification_uri'], 'and type', device['user_code'])
        token = session.fetch_token(metadata['token_endpoint'], grant_type='urn:ietf:params:oauth:grant-type:device_code', device_code=device['device_code'])
        """;
}
