namespace AuthServer.Engine.Administration;

/// <summary>On each route of an API that administers this server: the right it needs, one of <see cref="AdminRights"/>.</summary>
public sealed record RouteRight(string Right);
