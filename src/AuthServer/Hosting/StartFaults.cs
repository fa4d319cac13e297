using System.Security.Cryptography;
using AuthServer.Storage;
using Microsoft.Extensions.Options;

namespace AuthServer.Hosting;

/// <summary>Says in plain words why the program cannot work like this, where the reason lies in its settings or surroundings and not in its code.</summary>
internal static class StartFaults
{
    /// <summary>Null: an unforeseen fault, which keeps its stack trace.</summary>
    public static IReadOnlyList<string>? Explain(Exception fault) => fault switch
    {
        StartRefusedException refused => refused.Reasons,
        OptionsValidationException invalid => [.. invalid.Failures.Select(WithoutName)],
        // The binder has no exception of its own for this.
        InvalidOperationException unknown when unknown.Message.Contains("ErrorOnUnknownConfiguration", StringComparison.Ordinal) => [UnknownSetting(unknown.Message)],
        CryptographicException => ["The keys in the database cannot be opened with this key-encryption key. Bring back the one they were made with (Keys:EncryptionKey, or key-encryption.key in AUTHSERVER_HOME)."],
        FormatException or SettingsException => [fault.Message],
        IOException or UnauthorizedAccessException => [fault.Message],
        _ when StorageFault.IsIn(fault) => [$"The database cannot be used: {fault.GetBaseException().Message.TrimEnd('.')}. Check Storage:Provider and ConnectionStrings:AuthServer."],
        _ => null,
    };

    private static string UnknownSetting(string message)
    {
        var (name, options) = (message.Split('\'')[^2], message.Split('.').Select(static part => part.Split(':')[0]).Last(static part => part.EndsWith("Options", StringComparison.Ordinal)));
        return $"The settings of {options[..^"Options".Length]} have an entry '{name}' that does not exist. Is it misspelt?";
    }

    /// <summary>The validator puts the option's name before a sentence that already has it.</summary>
    private static string WithoutName(string failure)
    {
        var colon = failure.IndexOf(": ", StringComparison.Ordinal);
        return colon > 0 && failure[(colon + 2)..].StartsWith(failure[..colon], StringComparison.Ordinal) ? failure[(colon + 2)..] : failure;
    }
}

/// <summary>A setting that cannot be used; the message names it and says what it may be.</summary>
internal sealed class SettingsException(string message) : Exception(message);
