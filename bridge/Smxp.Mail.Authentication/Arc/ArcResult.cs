namespace Smxp.Mail.Authentication.Arc;

/// <summary>What became of a chain (RFC 8617 §4.4).</summary>
public enum ArcResult
{
    /// <summary>There is no chain.</summary>
    None,

    /// <summary>Every seal is good, and the message is as the newest sealer passed it on.</summary>
    Pass,

    /// <summary>It is not.</summary>
    Fail,
}
