namespace Smxp.Mail.Authentication.Dkim;

/// <summary>How much a message may change on its way (RFC 6376 §3.4).</summary>
internal enum Canonicalization
{
    Simple,
    Relaxed,
}
