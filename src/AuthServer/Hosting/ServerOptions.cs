using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace AuthServer.Hosting;

/// <summary>Who this server is. At the root of the settings, because every deployment sets it.</summary>
public sealed class ServerOptions
{
    /// <summary>The issuer identifier: the public URL of this server, without a trailing slash. Default in Development: http://localhost:8000.</summary>
    [Required(ErrorMessage = "Issuer is not set. Set it to the public https URL of this server, for example Issuer=https://login.example.com.")]
    public string Issuer { get; set; } = "";

    /// <summary>A JSON file with more clients and scopes to declare, beside those in the settings. Default: none.</summary>
    public string? ClientsFile { get; set; }
}

[OptionsValidator]
public sealed partial class ServerOptionsRules : IValidateOptions<ServerOptions>;
