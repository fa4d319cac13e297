namespace AuthServer.Engine.Factors;

/// <summary>What became of a code.</summary>
public enum FactorCheck
{
    Right,

    /// <summary>Unknown, used before or too old: the person is not told which.</summary>
    Wrong,

    /// <summary>It was not looked at: too many wrong ones before it, or the machine is busy.</summary>
    TooMany,
}
