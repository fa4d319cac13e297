using AuthServer.Engine.Protocol;

namespace AuthServer.Engine.Accounts;

/// <summary>The one-time link on the console by which the first administrator is made: whoever can read the console runs the server.</summary>
public sealed class FirstAdministrator(ISetupCodeStore codes, Registration registration, TimeProvider clock)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    /// <summary>A fresh code, or null where there is an administrator already.</summary>
    public async Task<string?> NewCodeAsync(CancellationToken ct)
    {
        if (await codes.AnyAdministratorAsync(ct)) return null;
        var code = Handle.New();
        await codes.AddAsync(code.Hash(), clock.GetUtcNow() + Lifetime, ct);
        return code.Reveal();
    }

    public async Task<bool> IsOpenAsync(string? code, CancellationToken ct) =>
        Handle.TryRead(code, out var read) && await codes.IsOpenAsync(read.Hash(), clock.GetUtcNow(), ct) && !await codes.AnyAdministratorAsync(ct);

    /// <summary>The code is used up by a success only: a password that is too short, or a busy machine, must not lock the operator out.</summary>
    public async Task<RegistrationOutcome> CreateAsync(string code, RegistrationForm form, string? address, CancellationToken ct)
    {
        if (!Handle.TryRead(code, out var read) || !await IsOpenAsync(code, ct)) return Closed();
        return await registration.CreateAsync(form, address, administrator: true, UseUpAsync, ct);

        async Task<RegistrationOutcome?> UseUpAsync() => await codes.TryUseAsync(read.Hash(), clock.GetUtcNow(), ct) ? null : Closed();
    }

    private static RegistrationOutcome.Invalid Closed() => new([new FieldFault("", AccountFault.SetupLinkClosed)]);
}
