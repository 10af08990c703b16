namespace Smxp.Bridge.Email.Routing;

/// <summary>What a legacy server says of an address.</summary>
/// <param name="Kind">The verdict.</param>
/// <param name="Words">Its words, or what was wrong; null for <see cref="LegacyVerdictKind.Exists"/>.</param>
internal sealed record LegacyVerdict(LegacyVerdictKind Kind, string? Words = null)
{
    public static LegacyVerdict Exists { get; } = new(LegacyVerdictKind.Exists);
}

/// <summary>The verdict on an address.</summary>
internal enum LegacyVerdictKind
{
    /// <summary>It takes mail for it.</summary>
    Exists,

    /// <summary>It does not, and will not.</summary>
    Unknown,

    /// <summary>It could not be asked, or does not say now.</summary>
    Unreachable,
}
