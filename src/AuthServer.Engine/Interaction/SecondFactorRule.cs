using AuthServer.Engine.Accounts;
using AuthServer.Engine.Directory;
using Microsoft.Extensions.Options;

namespace AuthServer.Engine.Interaction;

/// <summary>Of whom the deployment asks a second factor, set up or not.</summary>
public sealed class SecondFactorRule(IDirectoryStore directory, IOptions<AccountOptions> options)
{
    public async Task<bool> AppliesToAsync(User user, CancellationToken ct) =>
        options.Value.SecondFactor == SecondFactorPolicy.Everybody || (options.Value.SecondFactor == SecondFactorPolicy.Administrators && user.IsAdministrator)
        || await directory.RequiresSecondFactorAsync(user.Id, ct);
}
