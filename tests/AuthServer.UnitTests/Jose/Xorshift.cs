namespace AuthServer.UnitTests.Jose;

/// <summary>Numbers that look random and are the same in every run, so that a failure can be looked at again.</summary>
internal sealed class Xorshift(ulong seed)
{
    private ulong _state = seed;

    public int Below(int limit)
    {
        _state ^= _state << 13;
        _state ^= _state >> 7;
        _state ^= _state << 17;
        return (int)((_state >> 11) % (ulong)limit);
    }
}
