using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

namespace AuthServer.Benchmarks.Load.Scale;

/// <summary>The same server with ten people and with a million, over PostgreSQL: what an administrator waits for, and what a token costs.</summary>
internal sealed class ScaleRun(string root, int people, int clients, int seconds)
{
    private const int Administrators = 4;
    private const int Questions = 400;

    private static readonly string[] Orders = ["user_name", "-created_at", "number"];

    private readonly string _serverDll = Path.Combine(root, "src/AuthServer/bin/Release/net10.0/AuthServer.dll");
    private readonly StringBuilder _report = new();

    public async Task<string> ExecuteAsync()
    {
        var folder = Directory.CreateTempSubdirectory("scale").FullName;
        try
        {
            await using var server = await ServerUnderTest.StartAsync(_serverDll, folder, postgreSql: true);
            var few = await TokensAsync(server, folder);
            var filled = await ManyPeople.AddAsync(server.PostgreSql!, people, clients);
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {people:N0} people and {clients:N0} clients in {filled:0} s"));
            await server.RestartAsync();
            var many = await TokensAsync(server, folder);
            await AdministrationAsync(server);

            Say("");
            Say("| token issuing | CPU µs with ten people | CPU µs with many | ratio | p50 ms | p99 ms |");
            Say("|---|---:|---:|---:|---:|---:|");
            foreach (var (name, before) in few)
            {
                var after = many[name];
                Say(string.Create(CultureInfo.InvariantCulture, $"| {name} | {before.Cpu:0} + {before.DatabaseCpu:0} | {after.Cpu:0} + {after.DatabaseCpu:0} | {(after.Cpu + after.DatabaseCpu) / (before.Cpu + before.DatabaseCpu):0.00} | {after.P50:0.0} | {after.P99:0.0} |"));
            }

            Say("");
            Say(string.Create(CultureInfo.InvariantCulture, $"CPU is of the server + of PostgreSQL's processes, per flow. Start with {clients:N0} clients: {server.Process.StartedAfter.TotalSeconds:0.00} s; resident memory afterwards {server.Process.ResidentMemory():0} MiB."));
            return string.Create(CultureInfo.InvariantCulture, $"## {people:N0} people, {clients:N0} clients, PostgreSQL\n\n") + _report;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private void Say(string line)
    {
        _report.AppendLine(line);
        Console.Error.WriteLine("  " + line);
    }

    private async Task<Dictionary<string, Measurement>> TokensAsync(ServerUnderTest server, string folder)
    {
        var ours = server.Process.Address;
        var flow = new CodeFlow(ours, "/connect/authorize", "/connect/token", ("web", server.Secrets["web"]));
        await flow.SignInAsync("openid profile email", ServerUnderTest.UserName, ServerUnderTest.Password);
        var tokens = new string[WrkLoad.Connections];
        for (var i = 0; i < tokens.Length; i++) tokens[i] = CodeFlow.Member(await flow.RunAsync("notes offline_access"), "refresh_token");
        var loads = new (string Name, ILoad Load)[]
        {
            ("client credentials", new WrkLoad(folder, "scale", new Uri(ours, "/connect/token"), $"grant_type=client_credentials&scope=notes&client_id=es256&client_secret={server.Secrets["es256"]}")),
            ("refresh", new FlowLoad(async worker => tokens[worker] = CodeFlow.Member(await flow.RefreshAsync(tokens[worker]), "refresh_token"))),
            ("code + PKCE with a session", new FlowLoad(_ => flow.RunAsync("openid profile email"))),
        };
        var measured = new Dictionary<string, Measurement>(StringComparer.Ordinal);
        foreach (var (name, load) in loads)
        {
            await load.RunAsync(seconds);
            var rounds = new List<Measurement>();
            for (var round = 0; round < 3; round++)
            {
                var (before, databaseBefore) = (server.Process.ProcessorTime(), server.DatabaseProcessorTime());
                var outcome = await load.RunAsync(seconds);
                rounds.Add(new Measurement(outcome.Requests / outcome.Seconds, outcome.P50, outcome.P99, (server.Process.ProcessorTime() - before).TotalMicroseconds / outcome.Requests, (server.DatabaseProcessorTime() - databaseBefore).TotalMicroseconds / outcome.Requests));
            }

            measured[name] = Measurement.Median(rounds);
        }

        return measured;
    }

    /// <summary>Four administrators at once, each question another one, so that no answer is a repetition.</summary>
    private async Task AdministrationAsync(ServerUnderTest server)
    {
        var ids = await ManyPeople.ReadAsync(server.PostgreSql!, $"SELECT id FROM users WHERE number % {Math.Max(1, people / Questions)} = 7 AND number > 1000 LIMIT {Questions}");
        var names = await ManyPeople.ReadAsync(server.PostgreSql!, $"SELECT user_name FROM users WHERE number % {Math.Max(1, people / Questions)} = 11 AND number > 1000 LIMIT {Questions}");
        var lasts = await ManyPeople.ReadAsync(server.PostgreSql!, $"SELECT DISTINCT split_part(user_name, '.', 2) FROM users WHERE number % {Math.Max(1, people / Questions)} = 11 AND number > 1000 LIMIT {Questions}");
        var groups = await ManyPeople.ReadAsync(server.PostgreSql!, $"SELECT id FROM groups LIMIT {Questions}");
        var roles = await ManyPeople.ReadAsync(server.PostgreSql!, $"SELECT id FROM roles LIMIT {Questions}");
        using var http = new HttpClient { BaseAddress = server.Process.Address };
        using var form = new StringContent($"grant_type=client_credentials&client_id=operator&client_secret={server.Secrets["operator"]}", Encoding.ASCII, "application/x-www-form-urlencoded");
        using var answer = await http.PostAsync(new Uri("/connect/token", UriKind.Relative), form);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", CodeFlow.Member(await answer.Content.ReadAsStringAsync(), "access_token"));
        const string Api = "/api/admin/v1";

        Say("| administration, four at once | p50 ms | p95 ms | p99 ms |");
        Say("|---|---:|---:|---:|");
        await AskAsync(http, "users: search by a whole user name", i => $"{Api}/users?search={names[i % names.Length]}");
        await AskAsync(http, "users: search by a last name", i => $"{Api}/users?search={lasts[i % lasts.Length]}");
        await AskAsync(http, "users: search while typing, two to four letters", i => $"{Api}/users?search={lasts[i % lasts.Length][..(2 + i % 3)]}");
        await AskAsync(http, "users: search by first and last name", i => $"{Api}/users?search={names[i % names.Length].Split('.')[0]}+{names[i % names.Length].Split('.')[1]}");
        await AskAsync(http, "users: search by a word that everybody has", _ => $"{Api}/users?search=example");
        await AskAsync(http, "users: list by name, by age, by number", i => $"{Api}/users?sort={Orders[i % Orders.Length]}&limit=50");
        await AskAsync(http, "users: members of a group, holders of a role", i => i % 2 == 0 ? $"{Api}/users?group_id={groups[i % groups.Length]}" : $"{Api}/users?role_id={roles[i % roles.Length]}");
        await AskAsync(http, "users: those disabled", _ => $"{Api}/users?disabled=true");
        await AskAsync(http, "user: one", i => $"{Api}/users/{ids[i % ids.Length]}");
        await AskAsync(http, "user: effective permissions", i => $"{Api}/users/{ids[i % ids.Length]}/directory");
        await AskAsync(http, "clients: list and search", i => i % 2 == 0 ? $"{Api}/clients?limit=50" : $"{Api}/clients?search=app-{i}");
        await AskAsync(http, "groups, roles: list", i => i % 2 == 0 ? $"{Api}/groups?search=group{i % 100}" : $"{Api}/roles?limit=100");
    }

    private async Task AskAsync(HttpClient http, string name, Func<int, string> path)
    {
        // The server compiles a query when it first sees it; that is not what grows with the number of people.
        for (var i = 0; i < 6; i++) await GetAsync(http, path(i));
        var times = new ConcurrentBag<double>();
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, Administrators).Select(async _ =>
        {
            for (var i = Interlocked.Increment(ref next); i < Questions; i = Interlocked.Increment(ref next))
            {
                var began = Stopwatch.GetTimestamp();
                await GetAsync(http, path(i));
                times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
        }));
        double[] sorted = [.. times.Order()];
        Say(string.Create(CultureInfo.InvariantCulture, $"| {name} | {sorted[sorted.Length / 2]:0.0} | {sorted[sorted.Length * 95 / 100]:0.0} | {sorted[sorted.Length * 99 / 100]:0.0} |"));
    }

    private static async Task GetAsync(HttpClient http, string path)
    {
        using var response = await http.GetAsync(new Uri(path, UriKind.Relative));
        if (!response.IsSuccessStatusCode) throw new InvalidOperationException($"{path}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        await response.Content.ReadAsByteArrayAsync();
    }
}
