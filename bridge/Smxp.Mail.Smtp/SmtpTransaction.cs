using System.Net;
using Smxp.Mail.Smtp.Paths;

namespace Smxp.Mail.Smtp;

/// <summary>One mail under way: who brings it, from whom, to whom.</summary>
public sealed class SmtpTransaction
{
    private readonly List<MailPath> _recipients = [];

    /// <summary>The client's address.</summary>
    public required IPAddress Client { get; init; }

    /// <summary>What the client calls itself.</summary>
    public required string ClientName { get; init; }

    /// <summary>Whether it said EHLO, and not HELO.</summary>
    public required bool Extended { get; init; }

    /// <summary>Whether the connection is encrypted.</summary>
    public required bool Encrypted { get; init; }

    /// <summary>The return path; null path for notifications.</summary>
    public required MailPath Sender { get; init; }

    /// <summary>The size the client announced (RFC 1870); null where it did not.</summary>
    public long? AnnouncedSize { get; init; }

    /// <summary>Whether addresses and headers may hold UTF-8 (RFC 6531).</summary>
    public bool International { get; init; }

    /// <summary>The accepted recipients, in order.</summary>
    public IReadOnlyList<MailPath> Recipients => _recipients;

    /// <summary>The protocol's name for a Received line (RFC 3848, RFC 6531 §4.3).</summary>
    public string Protocol => (International, Extended, Encrypted) switch
    {
        (true, _, true) => "UTF8SMTPS",
        (true, _, false) => "UTF8SMTP",
        (false, true, true) => "ESMTPS",
        (false, true, false) => "ESMTP",
        _ => "SMTP",
    };

    internal void Add(MailPath recipient) => _recipients.Add(recipient);
}
