using System.ComponentModel.DataAnnotations;
using Smxp.Bridge.Email.Ledger;
using Smxp.Bridge.Email.Outbound;
using Smxp.Plugins;

namespace Smxp.Bridge.Email;

/// <summary>Section <c>Smxp:Bridge:Email</c>. What a later version will know (IMAP, puppets) is refused until it does something.</summary>
public sealed class EmailSettings : IValidatedSettings
{
    /// <summary>The name this server gives itself in greetings, EHLO and Received lines; for a public server, the name its address resolves to.</summary>
    [Required]
    public string HostName { get; set; } = "localhost";

    /// <summary>Mail in.</summary>
    public SmtpSettings Smtp { get; set; } = new();

    /// <summary>Mail in from people who sign in.</summary>
    public SubmissionSettings Submission { get; set; } = new();

    /// <summary>Mail out.</summary>
    public OutboundSettings Outbound { get; set; } = new();

    /// <summary>Whether a trailing quote of the earlier thread is left out of a message's body; the original keeps it.</summary>
    public bool CutTrailingQuotes { get; set; } = true;

    /// <summary>What is remembered of every mail.</summary>
    public LedgerSettings Ledger { get; set; } = new();

    /// <inheritdoc/>
    public IEnumerable<(string Path, string Problem)> Validate()
    {
        foreach (var problem in Smtp.Validate().Concat(Submission.Validate(Smtp.CertificateFile is not null))) yield return problem;
        if (Outbound.SmartHost is { } url && !SmartHost.TryParse(url, out _)) yield return ("Outbound:SmartHost", "is not a URL such as smtp://user:password@host:587 or smtps://host");
        if (Path.IsPathRooted(Outbound.TrustedAuthorities) && !File.Exists(Outbound.TrustedAuthorities)) yield return ("Outbound:TrustedAuthorities", $"there is no file {Outbound.TrustedAuthorities}");
    }
}

/// <summary>Section <c>Outbound</c>: mail to everywhere else.</summary>
public sealed class OutboundSettings
{
    /// <summary>Hands all mail to one server, <c>smtp://user:password@host:port</c> or <c>smtps://…</c>; null delivers by MX. With a password TLS is required and the certificate checked, except on this machine.</summary>
    public string? SmartHost { get; set; }

    /// <summary>The port of mail exchangers. Anything but 25 is for tests.</summary>
    [Range(1, 65535)]
    public int Port { get; set; } = 25;

    /// <summary>Lets MX delivery reach loopback, private and link-local addresses. For tests and closed networks only; a smart host may be anywhere.</summary>
    public bool AllowPrivateNetworks { get; set; }

    /// <summary>The largest sum of attachments sent; a larger message is refused to its sender.</summary>
    [Range(65536, 1L << 30)]
    public long MaxMessageBytes { get; set; } = 20 * 1024 * 1024;

    /// <summary>How long to wait for a server's answer.</summary>
    [Range(5, 600)]
    public int TimeoutSeconds { get; set; } = 120;

    /// <summary>How long to wait for a connection.</summary>
    [Range(1, 600)]
    public int ConnectSeconds { get; set; } = 30;

    /// <summary>Connections to one server at a time. Of one destination, no more mails are under way than <c>Smxp:Delivery:PerDestination</c> says.</summary>
    [Range(1, 1000)]
    public int ConnectionsPerHost { get; set; } = 20;

    /// <summary>Mails over one connection before it is closed.</summary>
    [Range(1, 10000)]
    public int MailsPerConnection { get; set; } = 100;

    /// <summary>Whether the MTA-STS policies of recipients' domains are honoured (RFC 8461).</summary>
    public bool MtaSts { get; set; } = true;

    /// <summary>The port that policies are fetched from. Anything but 443 is for tests.</summary>
    [Range(1, 65535)]
    public int MtaStsPort { get; set; } = 443;

    /// <summary>Whether TLSA records of mail servers are honoured (DANE, RFC 7672), where a resolver vouches for them (DNSSEC).</summary>
    public bool Dane { get; set; } = true;

    /// <summary>A PEM file of further certificate authorities to trust, for mail servers, MTA-STS policies and the smart host, whose certificate is then checked wherever it is. Below the data directory unless absolute.</summary>
    public string? TrustedAuthorities { get; set; }
}
