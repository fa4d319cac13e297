using System.Reflection;
using Xunit.Sdk;

namespace AuthServer.ProtocolTests.Conformance;

/// <summary>The plans a module belongs to, as (response_type, response_mode): each plan has a twin that asks for <c>form_post</c>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RunsAttribute(ResponseTypeSet types) : DataAttribute
{
    private static readonly (ResponseTypeSet Type, string Wire)[] Wires =
    [
        (ResponseTypeSet.Code, "code"), (ResponseTypeSet.IdToken, "id_token"), (ResponseTypeSet.IdTokenToken, "id_token token"),
        (ResponseTypeSet.CodeIdToken, "code id_token"), (ResponseTypeSet.CodeToken, "code token"), (ResponseTypeSet.CodeIdTokenToken, "code id_token token"),
    ];

    public ResponseTypeSet Types => types;

    /// <summary>False for the logout plan, which has no twin.</summary>
    public bool FormPost { get; init; } = true;

    public override IEnumerable<object[]> GetData(MethodInfo testMethod)
    {
        foreach (var (type, wire) in Wires)
        {
            if (!types.HasFlag(type)) continue;
            yield return [wire, "default"];
            if (FormPost) yield return [wire, "form_post"];
        }
    }
}
