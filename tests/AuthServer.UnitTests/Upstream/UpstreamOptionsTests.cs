using AuthServer.Engine.Upstream;
using Xunit;

namespace AuthServer.UnitTests.Upstream;

public sealed class UpstreamOptionsTests
{
    [Theory]
    [InlineData("common"), InlineData("organizations"), InlineData("consumers"), InlineData("3f1f7c1e-8f43-4c38-9c5b-0c8f6c3b5a11")]
    public void A_directory_of_Microsoft_is_one_of_three_words_or_an_id(string tenant) => Assert.True(Judge(tenant).Succeeded);

    [Theory]
    [InlineData("contoso.onmicrosoft.com"), InlineData(""), InlineData("../evil"), InlineData("{tenantid}")]
    public void A_directory_whose_answers_could_never_match_is_told_at_start(string tenant) =>
        Assert.Contains("Upstream:Providers:microsoft:Tenant", Judge(tenant).FailureMessage, StringComparison.Ordinal);

    private static Microsoft.Extensions.Options.ValidateOptionsResult Judge(string tenant) => new UpstreamOptionsRules().Validate(null, new UpstreamOptions
    {
        Providers = { ["microsoft"] = new UpstreamSettings { Kind = UpstreamKind.Microsoft, ClientId = "our-id", Tenant = tenant } },
    });
}
