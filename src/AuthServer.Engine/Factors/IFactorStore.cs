namespace AuthServer.Engine.Factors;

/// <summary>Database verbs of second factors.</summary>
public interface IFactorStore
{
    /// <summary>In one command.</summary>
    Task<EnrolledFactors> ReadAsync(string userId, CancellationToken ct);
}
