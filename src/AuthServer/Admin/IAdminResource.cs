namespace AuthServer.Admin;

/// <summary>One resource of the administration API. A leaf: found at start, one file each.</summary>
internal interface IAdminResource
{
    /// <summary>Maps its routes under <c>/api/admin/v1</c>; each says what it <see cref="AdminApi.Needs"/>.</summary>
    void Map(RouteGroupBuilder admin);
}
