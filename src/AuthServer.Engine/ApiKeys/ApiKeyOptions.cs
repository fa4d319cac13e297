using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace AuthServer.Engine.ApiKeys;

/// <summary>API keys and personal access tokens. How many requests a key may make is said under <c>RateLimits</c>.</summary>
public sealed class ApiKeyOptions
{
    public const string Section = "ApiKeys";

    /// <summary>People make personal access tokens for themselves on their account page. Default true.</summary>
    public bool PersonalTokens { get; set; } = true;

    /// <summary>Days until a key expires for which nobody said otherwise. Default 90.</summary>
    [Range(1, 3_650)] public int DefaultDays { get; set; } = 90;

    /// <summary>Days that a key may live at most; every key expires. Default 366.</summary>
    [Range(1, 3_650)] public int MaximumDays { get; set; } = 366;

    /// <summary>Keys of one owner that can be used at the same time. Default 100.</summary>
    [Range(1, 10_000)] public int MaximumPerOwner { get; set; } = 100;

    /// <summary>Seconds that an access token got for a key is good for. Default 300.</summary>
    [Range(30, 3_600)] public int TokenLifetime { get; set; } = 300;
}

[OptionsValidator]
public sealed partial class ApiKeyOptionsRules : IValidateOptions<ApiKeyOptions>;

/// <summary>What no single number can say.</summary>
public sealed class ApiKeyOptionsAgree : IValidateOptions<ApiKeyOptions>
{
    public ValidateOptionsResult Validate(string? name, ApiKeyOptions options) => options.DefaultDays <= options.MaximumDays
        ? ValidateOptionsResult.Success
        : ValidateOptionsResult.Fail("ApiKeys:DefaultDays is more than ApiKeys:MaximumDays.");
}
