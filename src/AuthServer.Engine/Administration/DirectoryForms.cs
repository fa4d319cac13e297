using System.Text.Json;

namespace AuthServer.Engine.Administration;

/// <summary>An organization as it is to be. What is null stays as it is; an empty text takes away.</summary>
public sealed record OrganizationForm
{
    public string? Name { get; init; }
    public string? DisplayName { get; init; }
    public string? Description { get; init; }

    /// <summary>A JSON object; a JSON null takes it away.</summary>
    public JsonElement? IdentityProvider { get; init; }
    public string? ExternalId { get; init; }
}

/// <summary>A group as it is to be. What is null stays as it is; an empty text takes away.</summary>
public sealed record GroupForm
{
    public string? Name { get; init; }
    public string? Description { get; init; }

    /// <summary>An organization's id.</summary>
    public string? OrganizationId { get; init; }
    public string? ExternalId { get; init; }
}

/// <summary>A role as it is to be. What is null stays as it is; an empty text takes away.</summary>
public sealed record RoleForm
{
    public string? Name { get; init; }
    public string? Description { get; init; }
    public bool? RequiresSecondFactor { get; init; }
}

/// <summary>A right as it is to be. What is null stays as it is; an empty text takes away.</summary>
public sealed record RightForm
{
    public string? Name { get; init; }
    public string? Description { get; init; }
}
