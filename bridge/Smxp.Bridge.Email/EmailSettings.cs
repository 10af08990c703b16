using System.ComponentModel.DataAnnotations;
using Smxp.Bridge.Email.Inbound.Policy;
using Smxp.Bridge.Email.Inbound.Trust;
using Smxp.Bridge.Email.Ledger;
using Smxp.Bridge.Email.Mapping;
using Smxp.Bridge.Email.Outbound;
using Smxp.Bridge.Email.ReturnPaths;
using Smxp.Plugins;

namespace Smxp.Bridge.Email;

/// <summary>Section <c>Smxp:Bridge:Email</c>. What a later version will know (IMAP) is refused until it does something.</summary>
public sealed class EmailSettings : IValidatedSettings
{
    /// <summary>The name this server gives itself in greetings, EHLO and Received lines; for a public server, the name its address resolves to.</summary>
    [Required]
    public string HostName { get; set; } = "localhost";

    /// <summary>Mail in.</summary>
    public SmtpSettings Smtp { get; set; } = new();

    /// <summary>Mail in from people who sign in.</summary>
    public SubmissionSettings Submission { get; set; } = new();

    /// <summary>Whether mail from outside is believed.</summary>
    public TrustSettings Trust { get; set; } = new();

    /// <summary>Whether strangers are asked to come again.</summary>
    public GreylistSettings Greylist { get; set; } = new();

    /// <summary>Lists of clients whose mail is not wanted.</summary>
    public BlockListSettings[] BlockLists { get; set; } = [];

    /// <summary>Mail out.</summary>
    public OutboundSettings Outbound { get; set; } = new();

    /// <summary>Domains of this server of which some mailboxes are still on a legacy mail server, by name.</summary>
    public Dictionary<string, HybridDomainSettings> HybridDomains { get; set; } = [];

    /// <summary>A domain of this server whose addresses stand for people elsewhere, <c>bob_at_mail.example@gw.example</c>, so that people on SMXP servers without a bridge reach email; null for none.</summary>
    public string? PuppetDomain { get; set; }

    /// <summary>Who may use it.</summary>
    public PuppetSettings Puppets { get; set; } = new();

    /// <summary>What the HTML of an incoming mail becomes; the original keeps it. Markdown needs that content type to be in use.</summary>
    public BodyForm Body { get; set; }

    /// <summary>Whether a trailing quote of the earlier thread is left out of a message's body; the original keeps it.</summary>
    public bool CutTrailingQuotes { get; set; } = true;

    /// <summary>What is remembered of every mail.</summary>
    public LedgerSettings Ledger { get; set; } = new();

    /// <inheritdoc/>
    public IEnumerable<(string Path, string Problem)> Validate()
    {
        foreach (var problem in Smtp.Validate().Concat(Submission.Validate(Smtp.CertificateFile is not null))) yield return problem;
        if (Submission.MaxMessageBytes > Smtp.MaxMessageBytes) yield return ("Submission:MaxMessageBytes", $"is more than Smtp:MaxMessageBytes, {Smtp.MaxMessageBytes}, lets through");
        foreach (var (path, problem) in Trust.Validate()) yield return ($"Trust:{path}", problem);
        for (int i = 0; i < BlockLists.Length; i++)
        {
            foreach (var (path, problem) in BlockLists[i].Validate()) yield return ($"BlockLists:{i}:{path}", problem);
        }

        foreach (var problem in HybridDomainSettings.Validate(HybridDomains).Concat(Puppets.Validate(PuppetDomain, HybridDomains))) yield return problem;
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

    /// <summary>The largest sum of attachments in a mail; of a larger one, the largest files become links to this server.</summary>
    [Range(65536, 1L << 30)]
    public long MaxMessageBytes { get; set; } = 20 * 1024 * 1024;

    /// <summary>How long such a link leads to its file.</summary>
    [Range(1, 3650)]
    public int LinkDays { get; set; } = 14;

    /// <summary>How long a message waits before its first attempt: until then an edit changes the mail that leaves, and a delete keeps it from leaving. 0 sends at once.</summary>
    [Range(0, 3600)]
    public int HoldSeconds { get; set; } = 30;

    /// <summary>Whether those who have a mail already are told when its author deletes it.</summary>
    public bool NotifyDeletes { get; set; }

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

    /// <summary>Where bounces of mail that is written here go.</summary>
    public ReturnPathForm ReturnPath { get; set; }

    /// <summary>Whether mail of the domains served here is signed with DKIM (RFC 6376); turn it off where a smart host signs.</summary>
    public bool Dkim { get; set; } = true;

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
