using System.Diagnostics;
using System.Text.Json;
using AuthServer.Testing;

namespace AuthServer.ProtocolTests.Cli;

/// <summary>What a command said and how it ended.</summary>
internal sealed record Answer(int Code, string Out, string Error)
{
    /// <summary>Fails unless the command did well, said nothing on the error stream, and wrote JSON.</summary>
    public JsonElement Json()
    {
        if (Code != 0 || Error.Length > 0) throw new InvalidOperationException($"Ended with {Code}: {Error}");
        return Parse(Out);
    }

    public static JsonElement Parse(string text)
    {
        using var json = JsonDocument.Parse(text);
        return json.RootElement.Clone();
    }
}

/// <summary>The built program, started as an operator starts it, on the home and the database of a running server.</summary>
internal static class Command
{
    /// <summary>Beside this project's output lies the program's: the same configuration and framework.</summary>
    private static string Find()
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        var root = output;
        while (!File.Exists(Path.Combine(root.FullName, "IdentityServer.sln"))) root = root.Parent!;
        return Path.Combine(root.FullName, "src", "AuthServer", "bin", output.Parent!.Name, output.Name, "AuthServer.dll");
    }

    public static async Task<Answer> RunAsync(TestServer server, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, WorkingDirectory = server.Home };
        start.ArgumentList.Add(Find());
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.Environment["DOTNET_ENVIRONMENT"] = "Development";
        start.Environment["AUTHSERVER_HOME"] = server.Home;
        start.Environment["Issuer"] = server.Issuer;
        start.Environment["ConnectionStrings__AuthServer"] = server.ConnectionString;
        start.Environment["Storage__Provider"] = (server.ConnectionString.StartsWith("Data Source=", StringComparison.Ordinal) ? TestStorage.Sqlite : TestStorage.PostgreSql).ToString();
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return new Answer(process.ExitCode, await output, await error);
    }
}
