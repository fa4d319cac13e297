namespace AuthServer.Engine.Directory;

/// <summary>Database verbs of the directory.</summary>
public interface IDirectoryStore
{
    /// <summary>What the person is in the end, in one command; nothing for somebody unknown.</summary>
    Task<UserDirectory> ReadAsync(string userId, CancellationToken ct);
}
