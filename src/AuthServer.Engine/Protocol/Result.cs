using System.Diagnostics.CodeAnalysis;

namespace AuthServer.Engine.Protocol;

/// <summary>Either a value or the protocol error that stands in its place. Nothing a client can cause is an exception.</summary>
public readonly struct Result<T> where T : class
{
    private readonly T? _value;
    private readonly OAuthError? _error;

    private Result(T? value, OAuthError? error) => (_value, _error) = (value, error);

    public static implicit operator Result<T>(T value) => new(value, null);

    public static implicit operator Result<T>(OAuthError error) => new(null, error);

    public bool TryGet([NotNullWhen(true)] out T? value, [NotNullWhen(false)] out OAuthError? error)
    {
        (value, error) = (_value, _error);
        if (value is null && error is null) throw new InvalidOperationException("A Result was read that nobody had set.");
        return value is not null;
    }
}
