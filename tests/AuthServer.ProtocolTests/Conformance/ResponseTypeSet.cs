namespace AuthServer.ProtocolTests.Conformance;

/// <summary>The response types a module runs for. Basic plan: <c>code</c>; implicit plan: the next two; hybrid plan: the last three.</summary>
[Flags]
public enum ResponseTypeSet
{
    Code = 1,
    IdToken = 2,
    IdTokenToken = 4,
    CodeIdToken = 8,
    CodeToken = 16,
    CodeIdTokenToken = 32,

    Implicit = IdToken | IdTokenToken,
    Hybrid = CodeIdToken | CodeToken | CodeIdTokenToken,

    /// <summary>What has a token endpoint.</summary>
    WithCode = Code | Hybrid,

    /// <summary>What has an access token.</summary>
    WithToken = Code | IdTokenToken | Hybrid,
    All = Code | Implicit | Hybrid,
}
