namespace AuthServer.Admin;

/// <summary>Tells, in a body that is a merge patch (RFC 7396), a member that was left out (nothing changes) from one that is null (it is taken away).</summary>
internal static class MergePatch
{
    /// <summary>What a member has that was not sent: compared by identity, so no text that is sent can be taken for it.</summary>
    public static readonly string LeftOut = new(['\0']);

    /// <summary>For the engine's forms: null where it was left out, empty where it is to be taken away.</summary>
    public static string? Text(string? member) => ReferenceEquals(member, LeftOut) ? null : member ?? "";
}
