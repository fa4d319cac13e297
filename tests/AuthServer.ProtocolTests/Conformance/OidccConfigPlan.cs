using AuthServer.Testing;
using Xunit;
using static AuthServer.Testing.Conformance.ConformanceAssertions;

namespace AuthServer.ProtocolTests.Conformance;

/// <summary>The configuration plan; with what the dynamic plan asks of the same document.</summary>
public sealed class OidccConfigPlan(ConformanceServer suite) : IClassFixture<ConformanceServer>
{
    [Fact, Spec("OIDC Discovery §3"), Spec("OIDC Discovery §4")]
    public async Task oidcc_discovery_endpoint_verification()
    {
        var response = await suite.Server.GetAsync("/.well-known/openid-configuration");
        Assert.Equal(System.Net.HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);

        var run = await SuiteRun.StartAsync(suite, "code");

        AssertImplicitIsOffered(run.Metadata);
        Assert.Contains("form_post", Values(run.Metadata, "response_modes_supported"));
    }
}
