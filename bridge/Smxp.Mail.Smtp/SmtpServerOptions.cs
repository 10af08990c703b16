using Smxp.Mail.Smtp.Limits;
using Smxp.Mail.Smtp.Tls;

namespace Smxp.Mail.Smtp;

/// <summary>What an <see cref="SmtpServer"/> may be told. The defaults suit a public server of modest size.</summary>
public sealed record SmtpServerOptions
{
    /// <summary>The name in the greeting and in Received lines.</summary>
    public required string HostName { get; init; }

    /// <summary>Where to listen, and for whom.</summary>
    public required IReadOnlyList<SmtpListener> Listeners { get; init; }

    /// <summary>The certificate for STARTTLS and implicit TLS; null not to offer them.</summary>
    public ICertificateSource? Certificate { get; init; }

    /// <summary>The largest mail, announced by SIZE (RFC 1870) and enforced on what arrives.</summary>
    public long MaxMessageBytes { get; init; } = 25 * 1024 * 1024;

    /// <summary>The largest header of a mail.</summary>
    public int MaxHeaderBytes { get; init; } = 256 * 1024;

    /// <summary>
    /// The longest line in a mail, CRLF included. RFC 5321 §4.5.3.1.6 obliges to take 1,000; much real mail has longer ones, and our readers do not care,
    /// so only what no writer of mail would make is refused.
    /// </summary>
    public int MaxTextLine { get; init; } = 65536;

    /// <summary>The longest command, CRLF included. RFC 5321 §4.5.3.1.4 obliges to take 512, its extensions raise that, AUTH most of all (RFC 4954 §4).</summary>
    public int MaxCommandLine { get; init; } = 12288;

    /// <summary>Recipients of one mail (RFC 5321 §4.5.3.1.8: at least 100), announced by LIMITS (RFC 9422); further ones are told to come in another.</summary>
    public int MaxRecipients { get; init; } = 100;

    /// <summary>Mails in one session, announced by LIMITS (RFC 9422).</summary>
    public int MaxMails { get; init; } = 1000;

    /// <summary>Refused commands in one session before it is ended.</summary>
    public int MaxErrors { get; init; } = 20;

    /// <summary>Commands without a mail that is stored before a session is ended. What the recipients of one mail need is not counted against it.</summary>
    public int MaxCommands { get; init; } = 5000;

    /// <summary>Failed attempts to sign in before a session is ended.</summary>
    public int MaxAuthenticationFailures { get; init; } = 3;

    /// <summary>Open connections.</summary>
    public int MaxConnections { get; init; } = 1000;

    /// <summary>Open connections of one client: an IPv4 address, or an IPv6 /64.</summary>
    public int MaxConnectionsPerClient { get; init; } = 50;

    /// <summary>How much one client may do in a minute.</summary>
    public RateLimits Rates { get; init; } = new();

    /// <summary>How long to wait before the greeting, to catch clients that do not wait for it. Without a wait only the rashest are caught.</summary>
    public TimeSpan GreetingDelay { get; init; } = TimeSpan.Zero;

    /// <summary>How long the header of a PROXY connection may take.</summary>
    public TimeSpan ProxyTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a TLS handshake may take.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a client may think between commands (RFC 5321 §4.5.3.2.7: at least 5 minutes).</summary>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a client may pause inside a mail (RFC 5321 §4.5.3.2.5 gives senders 3 minutes a block).</summary>
    public TimeSpan DataTimeout { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>How long one mail may take in all, so that nobody holds a place with a byte a minute.</summary>
    public TimeSpan MessageTimeout { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Bytes a second below which a mail is given up, once it has taken longer than <see cref="CommandTimeout"/> and <see cref="DataTimeout"/> together; 0 for no bound.</summary>
    public int MinBytesPerSecond { get; init; } = 100;
}
