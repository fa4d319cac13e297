using System.Buffers.Binary;
using System.Data.Common;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using AuthServer.Engine.Clients;
using AuthServer.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xunit;

namespace AuthServer.ProtocolTests.Import;

/// <summary><c>import openiddict</c>, from a database of either kind, with columns in either spelling.</summary>
public sealed class OpenIddictImportTests(ImportedServer.OnSqlite shared) : IClassFixture<ImportedServer.OnSqlite>
{
    private const string Secret = "the old secret of the worker";

    [Theory]
    [InlineData(TestStorage.Sqlite, false)]
    [InlineData(TestStorage.PostgreSql, true)]
    public async Task Applications_and_scopes_come_along_and_secrets_keep_working(TestStorage kind, bool snakeCase)
    {
        var n = ImportedServer.Unique("o");
        var source = kind == TestStorage.Sqlite ? $"Data Source={Path.Combine(shared.Server.Home, n + ".db")}" : await PostgreSqlCluster.CreateDatabaseAsync();
        await FillAsync(kind == TestStorage.Sqlite ? new SqliteConnection(source + ";Pooling=False") : new NpgsqlConnection(source), n, snakeCase);

        var dry = Cli.Answer.Parse((await shared.RunAsync("import", "openiddict", source, "--dry-run", "--json")).Out);
        Assert.Contains(dry.GetProperty("entries").EnumerateArray(), e => e.GetProperty("name").GetString() == n + "-worker" && e.GetProperty("act").GetString() == "added");
        Assert.Empty((await shared.GetAsync("/clients?search=" + n)).GetProperty("items").EnumerateArray());

        var answer = await shared.RunAsync("import", "openiddict", source, "--json");
        Assert.True(answer is { Code: 1, Error: "" }, answer.Error);
        var entries = Cli.Answer.Parse(answer.Out).GetProperty("entries").EnumerateArray().ToDictionary(static e => e.GetProperty("name").GetString()!,
            static e => e.GetProperty("act").GetString() + ": " + string.Join(" | ", e.GetProperty("notes").EnumerateArray().Select(static i => i.GetString())));
        Assert.Equal("added: the resource not-a-uri is left out: a resource is an absolute URI here (RFC 8707 §2)", entries[n + "-api"]);
        Assert.Equal("added: ", entries[n + "-worker"]);
        Assert.Contains("its secret is stored in a way that cannot be verified here", entries[n + "-odd"], StringComparison.Ordinal);
        foreach (var note in new[] { "the grant type password is not known here", "the consent type external is not known here", "PKCE is required", "the scope keys:write would open this server" }) Assert.Contains(note, entries[n + "-spa"], StringComparison.Ordinal);
        Assert.Equal("refused: its Permissions is not the JSON that OpenIddict writes", entries[n + "-broken"]);
        Assert.Contains("the grant type authorization_code is left out, because the client lacked ept:authorization", entries[n + "-closed"], StringComparison.Ordinal);

        await shared.Server.Services.GetRequiredService<ClientRegistry>().ReloadIfChangedAsync(CancellationToken.None);
        Assert.Equal(HttpStatusCode.OK, (await shared.Server.TokenAsync([("grant_type", "client_credentials"), ("scope", n + "-api")], (n + "-worker", Secret))).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await shared.Server.TokenAsync([("grant_type", "client_credentials")], (n + "-worker", Secret + "x"))).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await shared.Server.TokenAsync([("grant_type", "client_credentials")], (n + "-odd", "in the clear"))).StatusCode);

        var spa = await shared.GetAsync($"/clients/{n}-spa");
        Assert.Equal(("none", "explicit", "native", $"openid offline_access profile {n}-api", true, true, 600), (Text(spa, "token_endpoint_auth_method"), Text(spa, "consent_type"), Text(spa, "application_type"), Text(spa, "scope"),
            spa.GetProperty("require_pkce").GetBoolean(), spa.GetProperty("require_pushed_authorization_requests").GetBoolean(), spa.GetProperty("access_token_lifetime").GetInt32()));
        Assert.Equal(["com.example.app:/cb"], spa.GetProperty("redirect_uris").EnumerateArray().Select(static u => u.GetString()!));
        Assert.Equal(["authorization_code", "refresh_token"], spa.GetProperty("grant_types").EnumerateArray().Select(static u => u.GetString()!));

        var again = Cli.Answer.Parse((await shared.RunAsync("import", "openiddict", source, "--json")).Out);
        Assert.DoesNotContain(again.GetProperty("entries").EnumerateArray(), static e => e.GetProperty("act").GetString() == "added");
    }

    [Fact]
    public async Task A_database_that_is_not_one_is_refused_without_its_password()
    {
        var answer = await shared.RunAsync("import", "openiddict", "Host=127.0.0.1;Port=1;Username=u;Password=very-secret;Timeout=1");
        Assert.Equal(1, answer.Code);
        Assert.DoesNotContain("very-secret", answer.Out + answer.Error, StringComparison.Ordinal);
        Assert.Contains("cannot be read", answer.Error, StringComparison.Ordinal);
    }

    private static string? Text(JsonElement element, string member) => element.GetProperty(member).GetString();

    /// <summary>As OpenIddict writes it: 0x01, function 1 (SHA-256), 10 000 rounds, 16 bytes of salt, the salt, 32 bytes of hash.</summary>
    private static string Hash(string secret)
    {
        var bytes = new byte[13 + 16 + 32];
        bytes[0] = 1;
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(1), 1);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(5), 10_000);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(9), 16);
        RandomNumberGenerator.Fill(bytes.AsSpan(13, 16));
        Rfc2898DeriveBytes.Pbkdf2(secret, bytes.AsSpan(13, 16), bytes.AsSpan(29), 10_000, HashAlgorithmName.SHA256);
        return Convert.ToBase64String(bytes);
    }

    private static async Task FillAsync(DbConnection database, string n, bool snakeCase)
    {
        string[] columns = ["ClientId", "ClientSecret", "ClientType", "ApplicationType", "ConsentType", "DisplayName", "Permissions", "RedirectUris", "PostLogoutRedirectUris", "Requirements", "Settings"];
        string Named(string column) => snakeCase ? string.Concat(column.Select((c, i) => (i > 0 && char.IsUpper(c) ? "_" : "") + char.ToLowerInvariant(c))) : $"\"{column}\"";
        await using (database)
        {
            await database.OpenAsync();
            await RunAsync(database, $"CREATE TABLE \"OpenIddictApplications\" ({string.Join(", ", columns.Select(c => Named(c) + " text"))})");
            await RunAsync(database, $"CREATE TABLE \"OpenIddictScopes\" ({Named("Name")} text, {Named("DisplayName")} text, {Named("Description")} text, {Named("Resources")} text)");
            await RunAsync(database, $"INSERT INTO \"OpenIddictScopes\" VALUES (@p0, @p1, @p2, @p3)", n + "-api", "The API", null, $"[\"https://{n}.example\",\"not-a-uri\"]");
            string?[][] rows =
            [
                [n + "-worker", Hash(Secret), "confidential", null, "implicit", "Worker", $"[\"ept:token\",\"gt:client_credentials\",\"scp:{n}-api\"]", null, null, "[]", "{}"],
                [n + "-odd", "in the clear", "confidential", null, null, null, "[\"ept:token\",\"gt:client_credentials\"]", null, null, null, null],
                [n + "-spa", null, "public", "native", "external", "App", $"[\"ept:authorization\",\"ept:token\",\"ept:logout\",\"gt:authorization_code\",\"gt:refresh_token\",\"gt:password\",\"rst:code\",\"scp:profile\",\"scp:{n}-api\",\"scp:keys:write\"]",
                    "[\"com.example.app:/cb\"]", "[\"com.example.app:/out\"]", "[\"ft:par\"]", "{\"tkn_lft:act\":\"00:10:00\"}"],
                [n + "-broken", null, "public", null, null, null, "not json", null, null, null, null],
                [n + "-closed", Hash(Secret), "confidential", null, null, null, "[\"ept:token\",\"gt:authorization_code\",\"gt:client_credentials\",\"rst:code\"]", "[\"https://c.example/cb\"]", null, "[\"ft:pkce\"]", null],
            ];
            foreach (var row in rows) await RunAsync(database, $"INSERT INTO \"OpenIddictApplications\" VALUES ({string.Join(", ", columns.Select((_, i) => "@p" + i))})", row);
        }
    }

    private static async Task RunAsync(DbConnection database, string sql, params string?[] values)
    {
        await using var command = database.CreateCommand();
#pragma warning disable CA2100 // The names of columns are this test's own.
        command.CommandText = sql;
#pragma warning restore CA2100
        for (var i = 0; i < values.Length; i++)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value, parameter.DbType) = ("p" + i, (object?)values[i] ?? DBNull.Value, System.Data.DbType.String);
            command.Parameters.Add(parameter);
        }

        await command.ExecuteNonQueryAsync();
    }
}
