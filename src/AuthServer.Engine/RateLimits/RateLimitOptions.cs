using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace AuthServer.Engine.RateLimits;

/// <summary>How much one caller may ask for in an hour. Each limit is shared between the nodes; 0 lifts it. Addresses are IPv4 addresses and IPv6 networks of /64; the machine's own are not counted.</summary>
public sealed class RateLimitOptions
{
    public const string Section = "RateLimits";

    /// <summary>Requests per hour of one API key, of one client and of one person, where requests carry an API key or come through a compatibility API. A key's own limit comes first. Default 1,000.</summary>
    [Range(0, 10_000_000)] public int RequestsPerHour { get; set; } = 1_000;

    /// <summary>Such requests per hour from one address, whoever they are for. Default 10,000.</summary>
    [Range(0, 10_000_000)] public int RequestsPerAddressPerHour { get; set; } = 10_000;

    /// <summary>Requests per hour to the administration API with access tokens of one client or one person. Default 20,000.</summary>
    [Range(0, 10_000_000)] public int AdministrationRequestsPerHour { get; set; } = 20_000;

    /// <summary>Sign-in forms per hour from one address: passwords and second factors. Default 600.</summary>
    [Range(0, 1_000_000)] public int SignInsPerAddressPerHour { get; set; } = 600;

    /// <summary>Sign-in forms per hour for one account from one address, so that nobody can shut out somebody else. Default 60.</summary>
    [Range(0, 1_000_000)] public int SignInsPerAccountPerHour { get; set; } = 60;

    /// <summary>Registration forms per hour from one address. Default 60.</summary>
    [Range(0, 1_000_000)] public int RegistrationsPerAddressPerHour { get; set; } = 60;

    /// <summary>Forms for a forgotten password per hour from one address. Default 60.</summary>
    [Range(0, 1_000_000)] public int ResetsPerAddressPerHour { get; set; } = 60;

    /// <summary>Forms for a forgotten password per hour for one account from one address. Default 10.</summary>
    [Range(0, 1_000_000)] public int ResetsPerAccountPerHour { get; set; } = 10;

    /// <summary>Codes typed at <c>/device</c> per hour from one address, and by one signed-in person. Default 60.</summary>
    [Range(0, 1_000_000)] public int UserCodesPerHour { get; set; } = 60;

    /// <summary>Codes typed at <c>/device</c> per hour by all who are not signed in, from everywhere; beyond that people sign in before they type one. Default 5,000.</summary>
    [Range(0, 10_000_000)] public int UserCodesOfStrangersPerHour { get; set; } = 5_000;

    /// <summary>Requests of devices (RFC 8628 §3.1) per hour from one address. Default 600.</summary>
    [Range(0, 10_000_000)] public int DeviceRequestsPerAddressPerHour { get; set; } = 600;

    /// <summary>Counters that one node keeps in memory at most, about 300 bytes each. Beyond that those far from their limit are forgotten first. Default 50,000.</summary>
    [Range(1_000, 5_000_000)] public int MaximumCounters { get; set; } = 50_000;
}

[OptionsValidator]
public sealed partial class RateLimitOptionsRules : IValidateOptions<RateLimitOptions>;
