using System.Net;
using Smxp.Mail.Smtp.Notifications;
using Smxp.Mail.Smtp.Paths;

namespace Smxp.Mail.Smtp;

/// <summary>One mail under way: who brings it, from whom, to whom.</summary>
public sealed class SmtpTransaction
{
    private readonly List<SmtpRecipient> _recipients = [];

    /// <summary>The client's address; the one a trusted proxy named, where there is one.</summary>
    public required IPAddress Client { get; init; }

    /// <summary>What the client calls itself.</summary>
    public required string ClientName { get; init; }

    /// <summary>The client's verified host name as a trusted XCLIENT gave it; null where nobody said.</summary>
    public string? ClientHost { get; init; }

    /// <summary>Whom the listener serves.</summary>
    public SmtpListenerKind Kind { get; init; }

    /// <summary>Who is signed in; null where nobody is.</summary>
    public string? Identity { get; init; }

    /// <summary>Whether it said EHLO, and not HELO.</summary>
    public required bool Extended { get; init; }

    /// <summary>Whether the connection is encrypted.</summary>
    public required bool Encrypted { get; init; }

    /// <summary>The return path; null path for notifications.</summary>
    public required MailPath Sender { get; init; }

    /// <summary>The size the client announced (RFC 1870); null where it did not.</summary>
    public long? AnnouncedSize { get; init; }

    /// <summary>What the mail's octets may be.</summary>
    public BodyType Body { get; init; }

    /// <summary>Whether addresses and headers may hold UTF-8 (RFC 6531).</summary>
    public bool International { get; init; }

    /// <summary>Whether the mail must not travel on without TLS (RFC 8689).</summary>
    public bool RequireTls { get; init; }

    /// <summary>How much of the mail a failure notice gives back (RFC 3461 §4.3); null where the sender left it open.</summary>
    public ReturnContent? Return { get; init; }

    /// <summary>The sender's name for this mail, to be repeated in notices (RFC 3461 §4.4); null where there is none.</summary>
    public string? EnvelopeId { get; init; }

    /// <summary>The accepted recipients, in order.</summary>
    public IReadOnlyList<SmtpRecipient> Recipients => _recipients;

    /// <summary>The protocol's name for a Received line (RFC 3848, RFC 6531 §4.3).</summary>
    public string Protocol
    {
        get
        {
            if (!Extended && !International) return "SMTP";
            return $"{(International ? "UTF8SMTP" : "ESMTP")}{(Encrypted ? "S" : "")}{(Identity is null ? "" : "A")}";
        }
    }

    internal void Add(SmtpRecipient recipient) => _recipients.Add(recipient);
}

/// <summary>What the octets of a mail may be (RFC 6152, RFC 3030).</summary>
public enum BodyType
{
    /// <summary>Lines of ASCII; what is meant where nothing is said, and not enforced.</summary>
    SevenBit,

    /// <summary>Lines of any octets.</summary>
    EightBitMime,

    /// <summary>Any octets; lines only in the header.</summary>
    BinaryMime,
}
