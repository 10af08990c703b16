using System.ComponentModel.DataAnnotations;
using System.Net;
using Smxp.Host.Federation;
using Smxp.Plugins;

namespace Smxp.Host.Configuration;

/// <summary>The host's own settings, section <c>Smxp</c>. Sections that name drivers (Storage, Dns, Signatures' drivers, Content, Bridge) are read by the plugin host.</summary>
internal sealed class SmxpOptions : IValidatedSettings
{
    [Required] public string DataDirectory { get; set; } = "data";

    /// <summary>Opens the admin API; empty switches it off.</summary>
    public string AdminSecret { get; set; } = "";

    /// <summary>The host name and port other servers reach this one by; they go into the SVCB record to publish and into attachments.</summary>
    [Required] public string PublicHost { get; set; } = "localhost";

    [Range(1, 65535)] public int PublicPort { get; set; } = 7777;

    public SignatureOptions Signatures { get; set; } = new();

    public FederationOptions Federation { get; set; } = new();

    public DeliveryOptions Delivery { get; set; } = new();

    public SessionOptions Sessions { get; set; } = new();

    public BlobOptions Blobs { get; set; } = new();

    public CorsOptions Cors { get; set; } = new();

    public TelemetryOptions Telemetry { get; set; } = new();

    public IEnumerable<(string Path, string Problem)> Validate()
    {
        if (PublicHost.Length > 0 && Uri.CheckHostName(PublicHost) == UriHostNameType.Unknown) yield return (nameof(PublicHost), $"'{PublicHost}' is not a host name such as gw.example.com");
    }
}

/// <summary>Which algorithm signs what (SMXP §5).</summary>
internal sealed class SignatureOptions
{
    /// <summary>Signs what leaves for another server.</summary>
    [Required] public string Default { get; set; } = "ML-DSA-65";

    /// <summary>Signs what stays here.</summary>
    [Required] public string Local { get; set; } = "Ed25519";

    /// <summary>Further algorithms to verify with, beside those two; each a driver's name.</summary>
    public string[] Drivers { get; set; } = [];
}

internal sealed class FederationOptions : IValidatedSettings
{
    /// <summary>Lets outgoing requests reach loopback, private and link-local addresses. For tests and closed networks only.</summary>
    public bool AllowPrivateNetworks { get; set; }

    [Range(1024, 1L << 30)] public long MaxEnvelopeBytes { get; set; } = 26214400;

    /// <summary>How long a send waits for the first attempt before it answers <c>queued</c>.</summary>
    [Range(0, 60000)] public int FirstAttemptMilliseconds { get; set; } = 2000;

    /// <summary>How long another domain's key is kept.</summary>
    [Range(1, 604800)] public int KeyCacheSeconds { get; set; } = 3600;

    /// <summary>How long undelivered messages are tried.</summary>
    [Range(1, 720)] public int GiveUpAfterHours { get; set; } = 120;

    /// <summary>A PEM file of further certificate authorities to trust for other servers; null for the system's alone.</summary>
    public string? TrustedAuthorities { get; set; }

    public IEnumerable<(string Path, string Problem)> Validate()
    {
        if (!string.IsNullOrEmpty(TrustedAuthorities) && PeerCertificates.FindProblem(TrustedAuthorities) is { } problem) yield return (nameof(TrustedAuthorities), problem);
    }
}

/// <summary>How the outbox is worked on.</summary>
internal sealed class DeliveryOptions
{
    /// <summary>Attempts at a time, in all.</summary>
    [Range(1, 10000)] public int Concurrency { get; set; } = 256;

    /// <summary>Attempts at a time to one destination.</summary>
    [Range(1, 1000)] public int PerDestination { get; set; } = 8;

    /// <summary>How long this node holds an entry before another may take it over. Prolonged while it works on it.</summary>
    [Range(10, 3600)] public int LeaseSeconds { get; set; } = 120;

    /// <summary>How long one attempt may take.</summary>
    [Range(1, 7200)] public int AttemptSeconds { get; set; } = 900;

    /// <summary>How long a message may wait before its sender is told of the delay; 0 for never.</summary>
    [Range(0, 720)] public int DelayNoticeHours { get; set; } = 4;
}

internal sealed class SessionOptions
{
    [Range(1, 365)] public int Days { get; set; } = 7;
}

internal sealed class BlobOptions
{
    [Range(1, 1L << 40)] public long MaxBytes { get; set; } = 500L * 1024 * 1024;

    /// <summary>How long an upload may stay unfinished.</summary>
    [Range(1, 720)] public int AbandonedAfterHours { get; set; } = 24;
}

/// <summary>Cross-origin requests; none are allowed unless origins are named.</summary>
internal sealed class CorsOptions : IValidatedSettings
{
    public string[] Origins { get; set; } = [];

    public IEnumerable<(string Path, string Problem)> Validate() =>
        from origin in Origins.Index()
        where origin.Item != "*" && !IsOrigin(origin.Item)
        select ($"{nameof(Origins)}:{origin.Index}", $"'{origin.Item}' is not an origin such as https://mail.example.com, without a path");

    // RFC 6454 §6.2: scheme, host and port, nothing behind them. Browsers send nothing else, so that anything else would never match.
    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && url.Host.Length > 0 && string.Equals(url.GetLeftPart(UriPartial.Authority), text, StringComparison.OrdinalIgnoreCase);
}

internal sealed class TelemetryOptions : IValidatedSettings
{
    /// <summary>Where <c>/metrics</c> answers, e.g. <c>127.0.0.1:9464</c>; empty for the main listener, with the admin secret.</summary>
    public string MetricsListen { get; set; } = "";

    /// <summary>Where traces and metrics are pushed by OTLP; empty for nowhere.</summary>
    public string OtlpEndpoint { get; set; } = "";

    public IPEndPoint? MetricsEndPoint => MetricsListen.Length > 0 && IPEndPoint.TryParse(MetricsListen, out var endPoint) ? endPoint : null;

    public IEnumerable<(string Path, string Problem)> Validate()
    {
        if (MetricsListen.Length > 0 && MetricsEndPoint is not { Port: > 0 }) yield return (nameof(MetricsListen), $"'{MetricsListen}' is not an IP address and a port, e.g. 127.0.0.1:9464");
        if (OtlpEndpoint.Length > 0 && !Uri.TryCreate(OtlpEndpoint, UriKind.Absolute, out _)) yield return (nameof(OtlpEndpoint), $"'{OtlpEndpoint}' is not an absolute URL");
    }
}
