using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;

namespace AuthServer.Engine.Interaction;

/// <summary>A logout that the person still has to confirm (OpenID Connect RP-Initiated Logout §2).</summary>
public sealed record LogoutRequest
{
    /// <summary>Who asks, for the page. Null where nobody proved it.</summary>
    public string? ClientName { get; init; }

    /// <summary>Where to go afterwards, already verified against the client's registration and with <c>state</c>. Null: stay here.</summary>
    public string? RedirectUrl { get; init; }
}

/// <summary>Carries a logout request through the confirmation page. It is protected rather than stored: nothing is kept for a page that may never be answered.</summary>
public sealed class LogoutRequests(IDataProtectionProvider protection)
{
    private readonly ITimeLimitedDataProtector _protector = protection.CreateProtector("logout").ToTimeLimitedDataProtector();

    public string Write(LogoutRequest request) => _protector.Protect(JsonSerializer.Serialize(request), TimeSpan.FromMinutes(30));

    /// <summary>Null where the text is not ours or too old.</summary>
    public LogoutRequest? Read(string? text)
    {
        if (string.IsNullOrEmpty(text)) return null;
        try
        {
            return JsonSerializer.Deserialize<LogoutRequest>(_protector.Unprotect(text));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
