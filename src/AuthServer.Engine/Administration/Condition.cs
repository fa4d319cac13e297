namespace AuthServer.Engine.Administration;

/// <summary>What of a person or a group a <see cref="Condition"/> looks at, and by what a search is sorted.</summary>
public enum EntryField
{
    Id,

    /// <summary>The user name, or the group's name; whatever the case.</summary>
    Name,
    ExternalId,
    CreatedAt,
    UpdatedAt,

    /// <summary>Of people only, as all that follow; whatever the case.</summary>
    Email,
    PhoneNumber,
    Disabled,

    /// <summary>The claim <c>name</c>; of claims the case of the letters A to Z does not matter.</summary>
    FullName,
    GivenName,
    MiddleName,
    FamilyName,
    Nickname,
    Profile,
    Locale,
    ZoneInfo,
}

public enum Comparison
{
    Equal,
    NotEqual,
    Contains,
    StartsWith,
    EndsWith,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
}

/// <summary>Which people or groups are meant. Two-valued: what is missing is equal to nothing, and unequal to everything.</summary>
public abstract record Condition
{
    private Condition() { }

    /// <summary>Each of them; of none: always.</summary>
    public sealed record And(params IReadOnlyList<Condition> Of) : Condition;

    /// <summary>One of them at least; of none: never.</summary>
    public sealed record Or(params IReadOnlyList<Condition> Of) : Condition;

    public sealed record Not(Condition Of) : Condition;

    /// <summary>There is a value.</summary>
    public sealed record Has(EntryField Field) : Condition;

    public sealed record Text(EntryField Field, Comparison Comparison, string Value) : Condition;

    public sealed record Time(EntryField Field, Comparison Comparison, DateTimeOffset Value) : Condition;

    public sealed record IsDisabled(bool Value) : Condition;

    /// <summary>People in this group; groups this person is in. Null: in any, with anybody.</summary>
    public sealed record Joined(string? Id) : Condition;
}

/// <param name="Down">The greatest first.</param>
public sealed record EntryOrder(EntryField Field, bool Down = false);

/// <param name="Total">How many there are in all.</param>
public sealed record EntrySlice<T>(IReadOnlyList<T> Entries, int Total);

/// <summary>Somebody in a group.</summary>
public sealed record GroupMember(string GroupId, string GroupName, string UserId, string UserName);
