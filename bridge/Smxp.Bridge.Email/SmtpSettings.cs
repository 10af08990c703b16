using System.ComponentModel.DataAnnotations;
using System.Net;

namespace Smxp.Bridge.Email;

/// <summary>Section <c>Smtp</c>: the server that takes mail for local inboxes.</summary>
public sealed class SmtpSettings
{
    internal static readonly string[] DefaultListen = ["127.0.0.1:2525"];
    private static readonly string[] ThisMachine = ["127.0.0.0/8", "::1/128"];

    /// <summary>Where to listen; 127.0.0.1:2525 where nothing is said.</summary>
    public string[]? Listen { get; set; }

    /// <summary>Where to listen with TLS from the start; nowhere where nothing is said.</summary>
    public string[]? ImplicitTlsListen { get; set; }

    /// <summary>A PEM file with the certificate chain for TLS; read again when it changes. Below the data directory unless absolute.</summary>
    public string? CertificateFile { get; set; }

    /// <summary>A PEM file with its key.</summary>
    public string? CertificateKeyFile { get; set; }

    /// <summary>Networks (<c>192.0.2.0/24</c>) whose connections begin with a PROXY header, version 1 or 2, that names the client: load balancers.</summary>
    public string[]? ProxyFrom { get; set; }

    /// <summary>Networks that may use XCLIENT to speak for any client: filters in front of this server.</summary>
    public string[]? XclientFrom { get; set; }

    /// <summary>The largest mail taken.</summary>
    [Range(65536, 1L << 30)]
    public long MaxMessageBytes { get; set; } = 25 * 1024 * 1024;

    /// <summary>Bytes that stay free on the disk of the data directory: below that, mail is put off with 452. 0 not to look.</summary>
    [Range(0, 1L << 50)]
    public long MinFreeBytes { get; set; } = 128 * 1024 * 1024;

    /// <summary>Recipients of one mail.</summary>
    [Range(1, 10000)]
    public int MaxRecipients { get; set; } = 100;

    /// <summary>Mails in one session.</summary>
    [Range(1, 1000000)]
    public int MaxMails { get; set; } = 1000;

    /// <summary>Open connections.</summary>
    [Range(1, 100000)]
    public int MaxConnections { get; set; } = 1000;

    /// <summary>Open connections of one client.</summary>
    [Range(1, 100000)]
    public int MaxConnectionsPerClient { get; set; } = 50;

    /// <summary>Connections that one client may open in a minute; 0 for no limit.</summary>
    [Range(0, 1000000)]
    public int ConnectionsPerMinute { get; set; } = 300;

    /// <summary>Mails that one client may begin in a minute; 0 for no limit.</summary>
    [Range(0, 1000000)]
    public int MailsPerMinute { get; set; } = 1000;

    /// <summary>Recipients that one client may name in a minute; 0 for no limit.</summary>
    [Range(0, 1000000)]
    public int RecipientsPerMinute { get; set; } = 5000;

    /// <summary>Networks without limits per minute; this machine where nothing is said.</summary>
    public string[]? NoRateLimitFor { get; set; }

    /// <summary>How long to wait before the greeting, in milliseconds; a second or two on a public port keeps out much that never waits.</summary>
    [Range(0, 30000)]
    public int GreetingDelayMilliseconds { get; set; }

    /// <summary>How long a client may be silent between commands.</summary>
    [Range(10, 3600)]
    public int IdleSeconds { get; set; } = 300;

    internal IReadOnlyList<IPNetwork> ProxyNetworks => Networks(ProxyFrom);

    internal IReadOnlyList<IPNetwork> XclientNetworks => Networks(XclientFrom);

    internal IReadOnlyList<IPNetwork> UnlimitedNetworks => Networks(NoRateLimitFor ?? ThisMachine);

    internal IEnumerable<(string Path, string Problem)> Validate()
    {
        foreach (var problem in ListenProblems("Smtp:Listen", Listen).Concat(ListenProblems("Smtp:ImplicitTlsListen", ImplicitTlsListen))) yield return problem;
        foreach (var problem in NetworkProblems("Smtp:ProxyFrom", ProxyFrom).Concat(NetworkProblems("Smtp:XclientFrom", XclientFrom)).Concat(NetworkProblems("Smtp:NoRateLimitFor", NoRateLimitFor))) yield return problem;
        if (CertificateFile is "") yield return ("Smtp:CertificateFile", "is empty; leave it out where there is none");
        if (CertificateKeyFile is "") yield return ("Smtp:CertificateKeyFile", "is empty; leave it out where there is none");
        if (CertificateFile is null != CertificateKeyFile is null) yield return ("Smtp:CertificateFile", "goes together with CertificateKeyFile; set both or neither");
        if (ImplicitTlsListen is { Length: > 0 } && CertificateFile is null) yield return ("Smtp:ImplicitTlsListen", "needs a certificate: set Smtp:CertificateFile and CertificateKeyFile");
    }

    internal static IEnumerable<(string Path, string Problem)> ListenProblems(string path, string[]? endpoints)
    {
        for (int i = 0; i < endpoints?.Length; i++)
        {
            if (!IPEndPoint.TryParse(endpoints[i], out _)) yield return ($"{path}:{i}", $"'{endpoints[i]}' is not an address and port such as 127.0.0.1:2525");
        }
    }

    internal static IEnumerable<(string Path, string Problem)> NetworkProblems(string path, string[]? networks)
    {
        for (int i = 0; i < networks?.Length; i++)
        {
            if (!IsNetwork(networks[i])) yield return ($"{path}:{i}", $"'{networks[i]}' is not a network such as 192.0.2.0/24 or 2001:db8::/32");
        }
    }

    // 192.0.2.1/24 is an address in a network: perhaps the one was meant, perhaps the other.
    private static bool IsNetwork(string text) =>
        IPNetwork.TryParse(text, out var network) && IPAddress.TryParse(text[..text.IndexOf('/', StringComparison.Ordinal)], out var address) && address.Equals(network.BaseAddress);

    internal static IReadOnlyList<IPNetwork> Networks(string[]? networks) => [.. (networks ?? []).Select(IPNetwork.Parse)];
}
