namespace AuthServer.Testing;

/// <summary>Names the section of a specification that a test holds us to, e.g. <c>[Spec("RFC 6749 §4.1.2")]</c>.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true)]
public sealed class SpecAttribute(string section) : Attribute
{
    public string Section { get; } = section;
}
