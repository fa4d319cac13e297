using System.Diagnostics.CodeAnalysis;

namespace AuthServer.Engine.Administration;

public enum RefusalKind
{
    /// <summary>There is no such thing.</summary>
    NotFound,

    /// <summary>The actor lacks the right, or would gain power by it.</summary>
    Forbidden,

    /// <summary>What was sent is not good; the objections say what.</summary>
    Invalid,

    /// <summary>What was sent is good, but something that exists stands against it, as a name that is taken.</summary>
    Conflict,

    /// <summary>It was changed since the actor read it.</summary>
    Stale,

    /// <summary>The machine does as much as it may; nothing was tried. Again in a moment.</summary>
    Busy,
}

/// <summary>One thing that speaks against a form.</summary>
/// <param name="Field">The member by its wire name, <c>user_name</c>; empty for the whole.</param>
/// <param name="Code">A word that never changes, for programs and for the pages' own texts: <c>taken</c>, <c>required</c>, <c>too_long</c>, <c>malformed</c>, <c>unknown</c>, <c>not_allowed</c> …</param>
/// <param name="Message">In plain English.</param>
public sealed record Objection(string Field, string Code, string Message);

/// <summary>Why something was not done. Nothing of it was done then.</summary>
public sealed record Refusal(RefusalKind Kind, IReadOnlyList<Objection> Objections)
{
    public static Refusal NotFound { get; } = new(RefusalKind.NotFound, []);

    public static Refusal Stale { get; } = new(RefusalKind.Stale, []);

    public static Refusal Busy { get; } = new(RefusalKind.Busy, []);

    public static Refusal Lacks(string right) => new(RefusalKind.Forbidden, [new Objection("", "right_missing", $"The right {right} is needed.")]);

    public static Refusal NotYours(string message) => new(RefusalKind.Forbidden, [new Objection("", "more_than_yours", message)]);

    public static Refusal Invalid(params IReadOnlyList<Objection> objections) => new(RefusalKind.Invalid, objections);

    public static Refusal Conflict(string field, string code, string message) => new(RefusalKind.Conflict, [new Objection(field, code, message)]);
}

/// <summary>Either what was asked for, or why not.</summary>
public readonly struct Outcome<T> where T : class
{
    private readonly T? _value;
    private readonly Refusal? _refusal;

    private Outcome(T? value, Refusal? refusal) => (_value, _refusal) = (value, refusal);

    public static implicit operator Outcome<T>(T value) => new(value, null);

    internal static Outcome<T> From(T value) => new(value, null);

    public static implicit operator Outcome<T>(Refusal refusal) => new(null, refusal);

    public bool TryGet([NotNullWhen(true)] out T? value, [NotNullWhen(false)] out Refusal? refusal)
    {
        (value, refusal) = (_value, _refusal);
        if (value is null && refusal is null) throw new InvalidOperationException("An Outcome was read that nobody had set.");
        return value is not null;
    }
}

/// <summary>Done, and there is nothing to show for it.</summary>
public sealed record Done
{
    public static readonly Done It = new();
}

/// <summary>For values whose type is an interface, which C# converts to nothing by itself.</summary>
public static class Outcome
{
    public static Outcome<T> Of<T>(T value) where T : class => Outcome<T>.From(value);
}
