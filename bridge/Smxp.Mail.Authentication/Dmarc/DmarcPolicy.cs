namespace Smxp.Mail.Authentication.Dmarc;

/// <summary>What a domain asks for mail that fails, mildest first (RFC 7489 §6.3).</summary>
public enum DmarcPolicy
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Treat it with suspicion.</summary>
    Quarantine,

    /// <summary>Refuse it.</summary>
    Reject,
}
