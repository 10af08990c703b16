namespace Smxp.Mail.Authentication.Spf;

/// <summary>What check_host() answers (RFC 7208 §2.6).</summary>
public enum SpfResult
{
    /// <summary>The domain says nothing, or is no domain.</summary>
    None,

    /// <summary>The domain asserts nothing about this client.</summary>
    Neutral,

    /// <summary>The client may send for the domain.</summary>
    Pass,

    /// <summary>The client may not.</summary>
    Fail,

    /// <summary>The client probably may not.</summary>
    SoftFail,

    /// <summary>DNS did not answer; later it may.</summary>
    TempError,

    /// <summary>The published record cannot be understood or asks for too much.</summary>
    PermError,
}
