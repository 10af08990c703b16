using Smxp.Mail.Authentication.Results;

namespace Smxp.Mail.Authentication.Arc;

/// <summary>The outcome of checking an ARC chain.</summary>
/// <param name="Result">The result.</param>
/// <param name="Instances">Who handled the message, newest first; only where the chain passed.</param>
/// <param name="Reason">Why it did not pass, in words.</param>
public sealed record ArcVerdict(ArcResult Result, IReadOnlyList<ArcInstance> Instances, string? Reason = null)
{
    internal static ArcVerdict None { get; } = new(ArcResult.None, []);

    /// <summary>The domain that sealed last; null where no chain passed.</summary>
    public string? SealingDomain => Instances.Count > 0 ? Instances[0].SealingDomain : null;

    /// <summary>What the last sealer found; null where no chain passed or it cannot be read.</summary>
    public AuthenticationResults? NewestResults => Instances.Count > 0 ? Instances[0].Results : null;
}

/// <summary>One hop of a chain.</summary>
/// <param name="Number">Its instance number, from 1.</param>
/// <param name="SealingDomain">Who sealed it.</param>
/// <param name="Results">What that server found when the message came; null where it cannot be read.</param>
public sealed record ArcInstance(int Number, string SealingDomain, AuthenticationResults? Results);
