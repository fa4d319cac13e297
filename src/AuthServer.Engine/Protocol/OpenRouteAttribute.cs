namespace AuthServer.Engine.Protocol;

/// <summary>On a route, or on the class of a page, that asks for neither a right nor a session: why it may be open. A route of the server that says nothing of who may use it fails a test.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class OpenRouteAttribute(string reason) : Attribute
{
    public string Reason => reason;
}
