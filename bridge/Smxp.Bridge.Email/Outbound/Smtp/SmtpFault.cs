namespace Smxp.Bridge.Email.Outbound.Smtp;

/// <summary>Why a server could not be spoken to. Thrown where a session is opened or breaks, and caught by <see cref="SmtpSender"/>, who makes an outcome of it.</summary>
internal sealed class SmtpFault(SmtpFaultKind kind, string message, Exception? inner = null) : Exception(message, inner)
{
    public SmtpFaultKind Kind => kind;

    /// <summary>Whether the server said that it never takes mail (RFC 7504 §3: 521).</summary>
    public bool IsPermanent { get; init; }

    /// <summary>What it is called in reports on TLS (RFC 8460 §4.3); null where TLS is not to blame.</summary>
    public string? TlsFailure { get; init; }
}

/// <summary>Where it went wrong.</summary>
internal enum SmtpFaultKind
{
    /// <summary>No connection.</summary>
    Unreachable,

    /// <summary>The greeting, EHLO or AUTH was refused.</summary>
    Refused,

    /// <summary>The TLS handshake failed.</summary>
    Handshake,

    /// <summary>What the policy demands of TLS is not to be had here.</summary>
    Tls,

    /// <summary>The connection broke, or the server fell silent.</summary>
    Lost,
}
