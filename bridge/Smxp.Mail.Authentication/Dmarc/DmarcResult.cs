namespace Smxp.Mail.Authentication.Dmarc;

/// <summary>The outcome of a DMARC check (RFC 7489 §11.2).</summary>
public enum DmarcResult
{
    /// <summary>The author's domain publishes no policy, or there is no author's domain.</summary>
    None,

    /// <summary>An aligned identifier passed.</summary>
    Pass,

    /// <summary>None did.</summary>
    Fail,

    /// <summary>DNS did not answer; later it may.</summary>
    TempError,

    /// <summary>The author's domain is none that could have a policy.</summary>
    PermError,
}
