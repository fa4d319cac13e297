using System.Text.Json;
using AuthServer.Engine.Audit;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Keys;
using AuthServer.Hosting;
using AuthServer.Storage;
using Spectre.Console;

namespace AuthServer.Cli;

/// <summary>What a command works with: the server's services without the server, a current database, and one way to answer people and programs.</summary>
internal sealed class CommandContext : IAsyncDisposable
{
    private static readonly JsonSerializerOptions JsonOptions = new(JsonSerializerDefaults.Web) { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly WebApplication _app;
    private readonly AsyncServiceScope _scope;
    private readonly bool _json;

    private CommandContext(WebApplication app, bool json) => (_app, _scope, _json) = (app, app.Services.CreateAsyncScope(), json);

    public T Get<T>() where T : notnull => _scope.ServiceProvider.GetRequiredService<T>();

    public static async Task<int> RunAsync(bool json, Func<CommandContext, CancellationToken, Task<int>> work, CancellationToken ct)
    {
        try
        {
            await using var context = await OpenAsync(json, ct);
            var code = await work(context, ct);
            await context.Get<AuditTrail>().FlushAsync(ct);
            return code;
        }
        catch (CommandException refused)
        {
            if (json) Console.Error.WriteLine(JsonSerializer.Serialize(new { error = refused.Message }, JsonOptions));
            else Console.Error.WriteLine(refused.Message);
            return 1;
        }
        catch (Exception fault) when (StartFaults.Explain(fault) is { } reasons)
        {
            foreach (var reason in reasons) Console.Error.WriteLine(reason);
            return 1;
        }
    }

    private static async Task<CommandContext> OpenAsync(bool json, CancellationToken ct)
    {
        var app = CreateServices();
        var context = new CommandContext(app, json);
        await context.Get<DatabaseMigration>().MigrateAsync(ct);
        await context.Get<DirectoryUpkeep>().RunAsync(ct);
        await context.Get<KeyRotation>().EnsureAsync(ct);
        await context.Get<ClientRegistry>().ReloadAsync(ct);
        return context;
    }

    internal static WebApplication CreateServices()
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        // A command's output is its own: what goes wrong is said by the command, not by a log.
        builder.Logging.ClearProviders();
        Server.ApplyDevelopmentDefaults(builder);
        builder.Services.AddCore(builder.Configuration);
        return builder.Build();
    }

    /// <summary>One thing: JSON for programs, name and value for people.</summary>
    public void Write(object value, params (string Name, string? Value)[] lines)
    {
        if (_json)
        {
            Console.WriteLine(JsonSerializer.Serialize(value, JsonOptions));
            return;
        }

        foreach (var (name, text) in lines)
            if (text is not null) Console.WriteLine($"{name,-20} {text}");
    }

    public void WriteTable<T>(IReadOnlyList<T> rows, string empty, params (string Head, Func<T, string?> Cell)[] columns)
    {
        if (_json)
        {
            Console.WriteLine(JsonSerializer.Serialize(rows, JsonOptions));
            return;
        }

        if (rows.Count == 0)
        {
            Console.WriteLine(empty);
            return;
        }

        // Into a pipe or a file nothing is wrapped.
        if (Console.IsOutputRedirected) AnsiConsole.Profile.Width = 240;
        var table = new Table { Border = TableBorder.Simple };
        foreach (var (head, _) in columns) table.AddColumn(new TableColumn(head).NoWrap());
        foreach (var row in rows) table.AddRow([.. columns.Select(c => new Text(c.Cell(row) ?? ""))]);
        AnsiConsole.Write(table);
    }

    public async ValueTask DisposeAsync()
    {
        await _scope.DisposeAsync();
        await _app.DisposeAsync();
    }
}

/// <summary>The command cannot be done; the message says why in plain words.</summary>
internal sealed class CommandException(string message) : Exception(message);
