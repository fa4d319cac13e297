namespace AuthServer.Engine.Administration;

/// <summary>Which part of a list.</summary>
public sealed record PageRequest
{
    public const int DefaultLimit = 25;
    public const int MaximumLimit = 200;

    /// <summary>1 to 200.</summary>
    public int Limit { get; init; } = DefaultLimit;

    /// <summary>What <see cref="Page{T}.Next"/> said; null: from the beginning.</summary>
    public string? Cursor { get; init; }

    /// <summary>A member's wire name, with a minus before it for the other direction; null: the list's own order.</summary>
    public string? Sort { get; init; }
}

/// <summary>A part of a list.</summary>
/// <param name="Next">Where the next part begins; null: this was the last.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);
