using System.Text.Json;
using AuthServer.Engine.Accounts;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.UnitTests.Accounts;

[Spec("OIDC Core §5.1")]
public sealed class UserProfileTests
{
    [Fact]
    public void Every_standard_claim_finds_its_place()
    {
        var user = new User();
        const string Claims = """
            {"name":"Zoë Washburne","given_name":"Zoë","family_name":"Washburne","middle_name":"A","nickname":"Z","profile":"https://example.com/zoe","picture":"https://example.com/zoe.png",
             "website":"http://zoe.example/","gender":"female","birthdate":"1990-02-28","zoneinfo":"America/Argentina/Buenos_Aires","locale":"en-US","email":"zoe@example.com","email_verified":true,
             "phone_number":"+1 (425) 555-1212","phone_number_verified":true,"address":{"street_address":"1 Main St\nFlat 2","locality":"Somewhere","country":"US"}}
            """;
        Assert.Empty(Apply(Claims, user));
        Assert.Equal(("zoe@example.com", true, "+1 (425) 555-1212", true), (user.Email, user.EmailConfirmed, user.PhoneNumber, user.PhoneNumberConfirmed));
        using var profile = JsonDocument.Parse(user.Profile);
        Assert.Equal(["name", "given_name", "family_name", "middle_name", "nickname", "profile", "picture", "website", "gender", "birthdate", "zoneinfo", "locale", "address"],
            profile.RootElement.EnumerateObject().Select(p => p.Name));
        Assert.Equal("1 Main St\nFlat 2", profile.RootElement.GetProperty("address").GetProperty("street_address").GetString());
    }

    [Theory]
    [InlineData("""{"birthdate":"0000-02-29"}""")]
    [InlineData("""{"birthdate":"1990"}""")]
    [InlineData("""{"birthdate":"2000-02-29"}""")]
    [InlineData("""{"zoneinfo":"UTC"}""")]
    [InlineData("""{"zoneinfo":"Etc/GMT+5"}""")]
    [InlineData("""{"locale":"en_US"}""")]
    [InlineData("""{"locale":"zh-Hant-TW"}""")]
    [InlineData("""{"phone_number":"+442079460000"}""")]
    public void Well_formed_values_are_taken(string claims) => Assert.Empty(Apply(claims, new User()));

    [Theory]
    [InlineData("[]")]
    [InlineData("\"name\"")]
    [InlineData("""{"name":1}""")]
    [InlineData("""{"name":""}""")]
    [InlineData("""{"name":"line\nbreak"}""")]
    [InlineData("""{"name":["Alice"]}""")]
    [InlineData("""{"name":"a","name":"b"}""")]
    [InlineData("""{"name":"\ud800"}""")]
    [InlineData("""{"birthdate":"1990-02-30"}""")]
    [InlineData("""{"birthdate":"90-01-01"}""")]
    [InlineData("""{"birthdate":"1990-1-1"}""")]
    [InlineData("""{"birthdate":"0000-02-30"}""")]
    [InlineData("""{"birthdate":"01/02/1990"}""")]
    [InlineData("""{"website":"example.com"}""")]
    [InlineData("""{"website":"javascript:alert(1)"}""")]
    [InlineData("""{"website":"/relative"}""")]
    [InlineData("""{"website":"https:example.com"}""")]
    [InlineData("""{"website":" https://example.com"}""")]
    [InlineData("""{"picture":"data:image/png;base64,AAAA"}""")]
    [InlineData("""{"profile":"file:///etc/passwd"}""")]
    [InlineData("""{"picture":"https://example.com/\"><script>"}""")]
    [InlineData("""{"zoneinfo":"Europe/Paris; DROP"}""")]
    [InlineData("""{"zoneinfo":"../etc/passwd"}""")]
    [InlineData("""{"locale":"english please"}""")]
    [InlineData("""{"address":"1 Main St"}""")]
    [InlineData("""{"address":{}}""")]
    [InlineData("""{"address":{"street":"1 Main St"}}""")]
    [InlineData("""{"address":{"country":1}}""")]
    [InlineData("""{"address":{"country":""}}""")]
    [InlineData("""{"address":{"country":"US","country":"FR"}}""")]
    [InlineData("""{"email":"a@example.com,b@example.com"}""")]
    [InlineData("""{"email":"a@example.com\r\nBcc: b@example.com"}""")]
    [InlineData("""{"email_verified":"true"}""")]
    [InlineData("""{"email_verified":1}""")]
    [InlineData("""{"phone_number":"call me"}""")]
    [InlineData("""{"phone_number":15551212}""")]
    [InlineData("""{"sub":"somebody-else"}""")]
    [InlineData("""{"preferred_username":"root"}""")]
    [InlineData("""{"updated_at":1}""")]
    [InlineData("""{"role":"administrator"}""")]
    public void What_is_not_rightly_typed_is_refused_and_changes_nothing(string claims)
    {
        var user = new User { Email = "old@example.com", EmailConfirmed = true, PhoneNumber = "+4412345", PhoneNumberConfirmed = true, Profile = """{"name":"Old"}""" };
        Assert.NotEmpty(Apply(claims, user));
        Assert.Equal(("old@example.com", true, "+4412345", true, """{"name":"Old"}"""), (user.Email, user.EmailConfirmed, user.PhoneNumber, user.PhoneNumberConfirmed, user.Profile));
    }

    [Fact]
    public void One_bad_claim_keeps_the_good_ones_out()
    {
        var user = new User();
        Assert.Equal(["website must be an absolute http(s) URL"], Apply("""{"name":"Alice","email":"alice@example.com","website":"nowhere"}""", user));
        Assert.Equal((null, "{}"), (user.Email, user.Profile));
    }

    [Fact]
    public void Null_removes_a_claim_and_what_is_not_named_stays()
    {
        var user = new User { Email = "a@example.com", EmailConfirmed = true, Profile = """{"name":"Alice","nickname":"Al","address":{"country":"US"}}""" };
        Assert.Empty(Apply("""{"nickname":null,"address":null,"email":null}""", user));
        Assert.Equal(("""{"name":"Alice"}""", null, false), (user.Profile, user.Email, user.EmailConfirmed));
    }

    [Theory]
    [InlineData("""{"email":"new@example.com","phone_number":"+999999"}""", false)]
    [InlineData("""{"email_verified":true,"phone_number_verified":true,"email":"new@example.com","phone_number":"+999999"}""", true)]
    [InlineData("""{"email":"old@example.com","phone_number":"+4412345"}""", true)]
    [InlineData("""{"email_verified":null,"phone_number_verified":false}""", false)]
    [InlineData("""{"name":"Alice"}""", true)]
    public void The_proof_of_an_address_does_not_pass_to_the_next_one(string claims, bool verified)
    {
        var user = new User { Email = "old@example.com", EmailConfirmed = true, PhoneNumber = "+4412345", PhoneNumberConfirmed = true };
        Assert.Empty(Apply(claims, user));
        Assert.Equal((verified, verified), (user.EmailConfirmed, user.PhoneNumberConfirmed));
    }

    [Fact]
    public void Nothing_can_be_verified_that_is_not_there()
    {
        var user = new User();
        Assert.Empty(Apply("""{"email_verified":true,"phone_number_verified":true}""", user));
        Assert.Equal((false, false), (user.EmailConfirmed, user.PhoneNumberConfirmed));
    }

    private static IReadOnlyList<string> Apply(string claims, User user)
    {
        using var json = JsonDocument.Parse(claims);
        return UserProfile.Apply(json.RootElement, user);
    }
}
