using AuthServer.Engine.Administration;
using Microsoft.OpenApi;

namespace AuthServer.Admin.Documentation;

/// <summary>By what a caller shows who it is: an access token, fetched or pasted, or an API key.</summary>
internal static class SecuritySchemes
{
    /// <param name="issuer">Without a slash at its end.</param>
    public static Dictionary<string, IOpenApiSecurityScheme> Of(string issuer)
    {
        var token = new Uri(issuer + "/connect/token");
        return new Dictionary<string, IOpenApiSecurityScheme>
        {
            [RouteOperations.OAuth] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.OAuth2,
                Description = "A scope is a right of the same name. A client may ask for those that its `scope` names; a person's token does what its scopes say and the person has the right to.",
                Flows = new OpenApiOAuthFlows
                {
                    AuthorizationCode = new OpenApiOAuthFlow { AuthorizationUrl = new Uri(issuer + "/connect/authorize"), TokenUrl = token, RefreshUrl = token, Scopes = Scopes() },
                    ClientCredentials = new OpenApiOAuthFlow { TokenUrl = token, Scopes = Scopes() },
                },
            },
            [RouteOperations.Bearer] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", BearerFormat = "JWT", Description = "An access token for this server, however it was got." },
            [RouteOperations.ApiKey] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = "X-API-Key", Description = "An API key or a personal access token with the scope of the right." },
        };
    }

    private static Dictionary<string, string> Scopes() => AdminRights.All.ToDictionary(static r => r.Name, static r => r.Description, StringComparer.Ordinal);
}
