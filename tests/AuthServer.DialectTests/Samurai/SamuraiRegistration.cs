using Xunit;
using static AuthServer.DialectTests.DialectServer;

namespace AuthServer.DialectTests.Samurai;

/// <summary>Registering with SamurAI's service, each call with the whole answer.</summary>
public sealed class SamuraiRegistration(DialectServer server) : IClassFixture<DialectServer>
{
    [Theory]
    [InlineData("/api/accounts/register/"), InlineData("/api/accounts/register"), InlineData("/api/register/"), InlineData("/api/register")]
    [Contract("Samurai", "POST /register/", "a new user, 201 with email and names and nothing else; at the real path and the documented one, with and without the slash")]
    public async Task A_user_is_registered(string path)
    {
        var email = "Ann." + SamuraiPeople.NewAddress();

        var answer = await server.SendAsync("POST", path, Json(new { email, password = Password, first_name = "Ann", last_name = "Lee", colour = "red" }));

        answer.Is(201, $$"""{"email":"{{email}}","first_name":"Ann","last_name":"Lee"}""");
        Assert.Equal("Accept", answer.Header("Vary"));
        Assert.Equal("POST, OPTIONS", answer.Header("Allow")?.Replace("\n", ", ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false), InlineData(true)]
    [Contract("Samurai", "POST /register/", "urlencoded and multipart; names that are absent are empty; what stands around a text is trimmed, the password's too")]
    public async Task A_form_registers_as_well(bool multipart)
    {
        var email = SamuraiPeople.NewAddress();
        (string, string)[] fields = [("email", "  " + email + " "), ("password", "  " + Password + "\t")];

        var answer = await server.SendAsync("POST", "/api/accounts/register/", multipart ? Multipart(fields) : Form(fields));

        answer.Is(201, $$"""{"email":"{{email}}","first_name":"","last_name":""}""");
        Assert.Equal(200, (await server.CallAsync("login", new { email, password = Password + "  " })).Status);
    }

    [Fact]
    [Contract("Samurai", "POST /register/", "names that are null are taken as empty, for the gateway sends them so")]
    public async Task Names_that_are_null_are_empty()
    {
        var email = SamuraiPeople.NewAddress();

        (await server.CallAsync("register", new { email, password = Password, first_name = (string?)null, last_name = (string?)null })).Is(201, $$"""{"email":"{{email}}","first_name":"","last_name":""}""");
    }

    [Fact]
    [Contract("Samurai", "POST /register/", "the address is taken, 400; whatever its case")]
    public async Task An_address_that_is_taken_is_said_to_be()
    {
        var email = await server.RegisteredAsync();

        (await server.CallAsync("register", new { email = email.ToUpperInvariant(), password = Password })).Is(400, """{"email":["custom user with this email already exists."]}""");
    }

    [Fact]
    [Contract("Samurai", "POST /register/", "the address is somebody's confirmed one, 400")]
    public async Task An_address_that_somebody_confirmed_is_taken()
    {
        var (userName, email) = (NewName(), SamuraiPeople.NewAddress());
        await server.Server.AddUserAsync(userName);
        await server.ChangeAsync(userName, (users, user) =>
        {
            (user.Email, user.EmailConfirmed) = (email, true);
            return users.UpdateAsync(user);
        });

        (await server.CallAsync("register", new { email, password = Password })).Is(400, """{"email":["custom user with this email already exists."]}""");
    }

    [Theory]
    [InlineData("""{}""", """{"email":["This field is required."],"password":["This field is required."]}""")]
    [InlineData("""{"email":" ","password":""}""", """{"email":["This field may not be blank."],"password":["This field may not be blank."]}""")]
    [InlineData("""{"email":null,"password":null}""", """{"email":["This field may not be null."],"password":["This field may not be null."]}""")]
    [InlineData("""{"email":"nobody","password":"correct horse battery staple"}""", """{"email":["Enter a valid email address."]}""")]
    [InlineData("""{"email":"a@b@c.example","password":"correct horse battery staple"}""", """{"email":["Enter a valid email address."]}""")]
    [InlineData("""{"email":"x,y@c.example","password":"correct horse battery staple"}""", """{"email":["Enter a valid email address."]}""")]
    [InlineData("""{"email":["a"],"password":true}""", """{"email":["Not a valid string."],"password":["Not a valid string."]}""")]
    [InlineData("""{"email":"\ud800","password":"a\u0000b correct horse"}""", """{"email":["Not a valid string."],"password":["Null characters are not allowed."]}""")]
    [InlineData("""{"email":"a@b.example","password":"short"}""", """{"password":["This password is too short. It must contain at least 12 characters."]}""")]
    [InlineData("""{"email":"a@b.example","password":"correct horse battery staple","first_name":"1234567890123456789012345678901","last_name":"1234567890123456789012345678901"}""",
        """{"first_name":["Ensure this field has no more than 30 characters."],"last_name":["Ensure this field has no more than 30 characters."]}""")]
    [Contract("Samurai", "POST /register/", "what is missing, blank, null, too long or no address, 400 with a list for each field")]
    public async Task What_is_wrong_is_said_by_field(string body, string answer) => (await server.SendAsync("POST", "/api/accounts/register/", Json(body))).Is(400, answer);

    [Fact]
    [Contract("Samurai", "POST /register/", "a password of more than 128 characters, 400, and it does not come back")]
    public async Task A_password_that_is_too_long_is_refused()
    {
        var password = string.Concat(Enumerable.Repeat("Qx7-", 33));

        var answer = await server.CallAsync("register", new { email = SamuraiPeople.NewAddress(), password });

        answer.Is(400, """{"password":["Ensure this field has no more than 128 characters."]}""");
        Assert.DoesNotContain("Qx7", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    [Contract("Samurai", "POST /register/", "an address longer than a user name may be, 400")]
    public async Task An_address_that_is_too_long_is_refused() =>
        (await server.CallAsync("register", new { email = new string('a', 60) + "@b.example", password = Password })).Is(400, """{"email":["Ensure this field has no more than 64 characters."]}""");

    [Theory]
    [InlineData("register"), InlineData("login")]
    [Contract("Samurai", "POST /register/", "a header that says Bearer and holds no good access token, 401 before the body is looked at")]
    [Contract("Samurai", "POST /login/", "a header that says Bearer and holds no good access token, 401 before the body is looked at")]
    public async Task A_bad_bearer_header_is_refused_before_the_body(string view)
    {
        var (access, refresh) = await server.SignedInAsync();
        static string Refused(string message) =>
            $$"""{"detail":"Given token not valid for any token type","code":"token_not_valid","messages":[{"token_class":"AccessToken","token_type":"access","message":"{{message}}"}]}""";

        var bad = await server.CallAsync(view, new { }, Bearer("not.a.token"));
        bad.Is(401, Refused("Token is invalid or expired"));
        Assert.Equal("Bearer realm=\"api\"", bad.Header("WWW-Authenticate"));
        (await server.CallAsync(view, new { }, Bearer(refresh))).Is(401, Refused("Token has wrong type"));
        foreach (var header in new[] { "Bearer a b", "Bearer" })
            (await server.CallAsync(view, new { }, ("Authorization", header))).Is(401, """{"detail":"Authorization header must contain two space-delimited values","code":"bad_authorization_header"}""");
        foreach (var header in new[] { "Bearer " + access, access, "bearer not.a.token", "Basic YTpi" }) Assert.Equal(400, (await server.CallAsync(view, new { }, ("Authorization", header))).Status);
    }
}
