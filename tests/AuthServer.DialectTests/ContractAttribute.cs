namespace AuthServer.DialectTests;

/// <summary>Which row of an old API's contract a transcript holds; <c>docs/legacy/</c> is generated from them.</summary>
/// <param name="dialect">As in the settings: <c>Chat</c>.</param>
/// <param name="call">Method and path as the contract names them: <c>POST /register</c>.</param>
/// <param name="shows">What the transcript shows, in a few words: <c>duplicate user, 409</c>.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class ContractAttribute(string dialect, string call, string shows) : Attribute
{
    public string Dialect => dialect;

    public string Call => call;

    public string Shows => shows;
}
