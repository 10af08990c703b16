namespace Smxp.Mail.Authentication.Dkim;

/// <summary>What became of one signature (RFC 8601 §2.7.1).</summary>
public enum DkimResult
{
    /// <summary>It verified.</summary>
    Pass,

    /// <summary>It did not: the message changed, or the key is another.</summary>
    Fail,

    /// <summary>It was not looked at, for a rule of ours.</summary>
    Policy,

    /// <summary>It is malformed in a way that keeps it from being a signature at all.</summary>
    Neutral,

    /// <summary>The key could not be fetched now.</summary>
    TempError,

    /// <summary>It can never verify: no key, a revoked one, a weak one, an algorithm that is history.</summary>
    PermError,
}
