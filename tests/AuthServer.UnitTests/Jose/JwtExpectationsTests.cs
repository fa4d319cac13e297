using AuthServer.Engine.Jose;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.UnitTests.Jose;

public sealed class JwtExpectationsTests
{
    // JwtSample.Now
    private const long Now = 1772366400;

    [Theory]
    [Spec("RFC 7519 §4.1.1")]
    [Spec("RFC 7519 §4.1.3")]
    [InlineData("https://issuer.example", "\"https://api.example\"", JwtFault.None)]
    [InlineData("https://issuer.example", "[\"x\",\"https://api.example\"]", JwtFault.None)]
    [InlineData("https://issuer.example/", "\"https://api.example\"", JwtFault.WrongIssuer)]
    [InlineData("https://ISSUER.example", "\"https://api.example\"", JwtFault.WrongIssuer)]
    [InlineData("https://issuer.example", "\"https://api.example/\"", JwtFault.WrongAudience)]
    [InlineData("https://issuer.example", "[\"x\"]", JwtFault.WrongAudience)]
    public void Issuer_and_audience_are_compared_exactly(string issuer, string audience, JwtFault expected) =>
        Assert.Equal(expected, JwtSample.Verify(JwtSample.Signed($$"""{"iss":"{{issuer}}","aud":{{audience}},"exp":{{Now + 60}}}""")));

    [Fact]
    [Spec("RFC 7519 §4.1.3")]
    public void A_token_without_issuer_or_audience_is_nobodys()
    {
        Assert.Equal(JwtFault.WrongIssuer, JwtSample.Verify(JwtSample.Signed($$"""{"aud":"https://api.example","exp":{{Now + 60}}}""")));
        Assert.Equal(JwtFault.WrongAudience, JwtSample.Verify(JwtSample.Signed($$"""{"iss":"https://issuer.example","exp":{{Now + 60}}}""")));
    }

    [Theory]
    [Spec("RFC 7519 §4.1.4")]
    [Spec("RFC 7519 §4.1.5")]
    [Spec("RFC 7519 §4.1.6")]
    [InlineData(-29, null, null, JwtFault.None)]
    [InlineData(-30, null, null, JwtFault.Expired)]
    [InlineData(-31, null, null, JwtFault.Expired)]
    [InlineData(null, null, null, JwtFault.MissingClaim)]
    [InlineData(60, 30, null, JwtFault.None)]
    [InlineData(60, 31, null, JwtFault.NotYetValid)]
    [InlineData(60, null, 30, JwtFault.None)]
    [InlineData(60, null, 31, JwtFault.IssuedInTheFuture)]
    [InlineData(60, null, -1_000_000, JwtFault.None)]
    public void Times_are_kept_within_the_allowed_skew(int? expiry, int? notBefore, int? issuedAt, JwtFault expected) =>
        Assert.Equal(expected, Check(expiry, notBefore, issuedAt, new JwtExpectations { Now = JwtSample.Now }));

    [Theory]
    [Spec("RFC 7523 §3")]
    [InlineData(300, null, JwtFault.None)]
    [InlineData(331, null, JwtFault.LivesTooLong)]
    [InlineData(300, -10, JwtFault.None)]
    [InlineData(300, -60, JwtFault.LivesTooLong)]
    public void A_lifetime_has_a_limit(int? expiry, int? issuedAt, JwtFault expected) =>
        Assert.Equal(expected, Check(expiry, null, issuedAt, new JwtExpectations { Now = JwtSample.Now, MaxLifetime = TimeSpan.FromMinutes(5) }));

    [Theory]
    [Spec("RFC 9449 §11.1")]
    [InlineData(-90, JwtFault.None)]
    [InlineData(-91, JwtFault.TooOld)]
    [InlineData(31, JwtFault.IssuedInTheFuture)]
    [InlineData(null, JwtFault.MissingClaim)]
    public void An_age_has_a_limit(int? issuedAt, JwtFault expected) =>
        Assert.Equal(expected, Check(null, null, issuedAt, new JwtExpectations { Now = JwtSample.Now, MaxAge = TimeSpan.FromMinutes(1), RequireExpiry = false }));

    [Fact]
    public void The_end_of_time_overflows_nothing()
    {
        var token = JwtSample.Signed("""{"exp":253402300799,"nbf":253402300799,"iat":253402300799}""");
        var expectations = new JwtExpectations { Now = JwtSample.Now, MaxLifetime = TimeSpan.FromDays(1), ClockSkew = TimeSpan.FromDays(1) };
        Assert.Equal(JwtFault.LivesTooLong, JwtSample.Verify(token, expectations: expectations));
        Assert.Equal(JwtFault.NotYetValid, JwtSample.Verify(token, expectations: expectations with { MaxLifetime = null }));
        Assert.Equal(JwtFault.Expired, JwtSample.Verify(JwtSample.Signed("""{"exp":0}"""), expectations: new JwtExpectations { Now = DateTimeOffset.MaxValue }));
    }

    [Theory]
    [InlineData("""{"sub":"s","jti":"j"}""", JwtFault.MissingClaim)]
    [InlineData("""{"iat":1,"jti":"j"}""", JwtFault.MissingClaim)]
    [InlineData("""{"iat":1,"sub":"s"}""", JwtFault.MissingClaim)]
    [InlineData("""{"iat":1,"sub":"","jti":"j"}""", JwtFault.MissingClaim)]
    [InlineData("""{"iat":1,"sub":"s","jti":"j"}""", JwtFault.None)]
    public void What_is_required_has_to_be_there(string payload, JwtFault expected)
    {
        var expectations = new JwtExpectations { Now = JwtSample.Now, RequireExpiry = false, RequireIssuedAt = true, RequireId = true, RequireSubject = true };
        Assert.Equal(expected, JwtSample.Verify(JwtSample.Signed(payload), expectations: expectations));
    }

    private static JwtFault Check(int? expiry, int? notBefore, int? issuedAt, JwtExpectations expectations)
    {
        var claims = new List<string>();
        if (expiry is not null) claims.Add($"\"exp\":{Now + expiry}");
        if (notBefore is not null) claims.Add($"\"nbf\":{Now + notBefore}");
        if (issuedAt is not null) claims.Add($"\"iat\":{Now + issuedAt}");
        return JwtSample.Verify(JwtSample.Signed($"{{{string.Join(',', claims)}}}"), expectations: expectations);
    }
}
