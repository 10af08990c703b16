namespace Smxp.Bridge.Email.Outbound;

/// <summary>
/// A mail ready to leave, wherever it comes from: a message that was composed, or a mail passed on as it came. It leaves with these bytes (a signature over them still verifies at the
/// other end) wherever a server takes them, with CRLF line ends; they can be read as often as there are attempts.
/// </summary>
/// <param name="ReturnPath">Where bounces go, without angle brackets; empty for the null path.</param>
/// <param name="Recipients">To whom.</param>
/// <param name="Size">How many bytes <paramref name="Open"/> gives.</param>
/// <param name="Open">Opens the bytes; while <see cref="Sign"/> is to come, a stream that can seek.</param>
internal sealed record OutgoingMail(string ReturnPath, IReadOnlyList<OutgoingRecipient> Recipients, long Size, Func<Stream> Open)
{
    /// <summary>What the servers on the way must be able to do.</summary>
    public MailNeeds Needs { get; init; }

    /// <summary>What a delivery status notification shall call this mail (RFC 3461 §4.4); null for nothing.</summary>
    public string? EnvelopeId { get; init; }

    /// <summary>When it was written; null where that is not known. What is done to it here is dated by it, so that it comes out the same at every attempt.</summary>
    public DateTimeOffset? WrittenAt { get; init; }

    /// <summary>How much of the mail a notification shall bring back (RFC 3461 §4.3): <c>HDRS</c> or <c>FULL</c>; null to leave it to the server.</summary>
    public string? Return { get; init; } = "HDRS";

    /// <summary>Puts signatures on it, in the form in which it leaves; null for none.</summary>
    public Func<OutgoingMail, CancellationToken, Task<OutgoingMail>>? Sign { get; init; }

    /// <summary>Told, once the mail was taken, whether the server that took it notifies of what becomes of it (DSN); null where nobody asks.</summary>
    public Action<bool>? Taken { get; init; }
}

/// <summary>One recipient of a mail.</summary>
/// <param name="Address">The address.</param>
internal sealed record OutgoingRecipient(string Address)
{
    /// <summary>When to notify (RFC 3461 §4.1); null to leave it to the server.</summary>
    public string? Notify { get; init; } = "FAILURE,DELAY";

    /// <summary>Whom the sender meant (RFC 3461 §4.2); null for nobody else.</summary>
    public string? Original { get; init; } = Address;
}

/// <summary>What a mail needs of a server.</summary>
[Flags]
internal enum MailNeeds
{
    /// <summary>Nothing beyond RFC 5321.</summary>
    None = 0,

    /// <summary>An address or a header beyond ASCII (SMTPUTF8, RFC 6531).</summary>
    Utf8 = 1,

    /// <summary>Octets beyond ASCII (8BITMIME, RFC 6152); found out when it leaves.</summary>
    EightBit = 2,

    /// <summary>Verified TLS on every hop (REQUIRETLS, RFC 8689).</summary>
    VerifiedTls = 4,
}
