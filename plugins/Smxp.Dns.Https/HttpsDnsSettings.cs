using System.ComponentModel.DataAnnotations;
using Smxp.Plugins;

namespace Smxp.Dns.Https;

/// <summary>The settings of <c>https</c>.</summary>
public sealed class HttpsDnsSettings : IValidatedSettings
{
    /// <summary>
    /// The servers to ask in turn, e.g. <c>https://dns.example/dns-query</c>. <c>#wire</c> or <c>#json</c> at the end fixes the format; without it the wire format is
    /// tried first. Plain <c>http</c> only to the machine itself.
    /// </summary>
    public List<string> Endpoints { get; set; } = [];

    /// <summary>How long one server is given, in milliseconds.</summary>
    [Range(100, 60_000)]
    public int TimeoutMilliseconds { get; set; } = 4000;

    /// <summary>How many answers are kept.</summary>
    [Range(0, 1_000_000)]
    public int CacheEntries { get; set; } = 4096;

    /// <summary>Whether to believe the servers when they say that an answer was validated (DNSSEC).</summary>
    public bool TrustAuthenticatedData { get; set; } = true;

    /// <summary>A PEM file of further certificate authorities to trust for the servers.</summary>
    public string? TrustedAuthorities { get; set; }

    /// <inheritdoc/>
    public IEnumerable<(string Path, string Problem)> Validate()
    {
        if (Endpoints.Count == 0) yield return (nameof(Endpoints), "name at least one DNS-over-HTTPS server");
        for (int i = 0; i < Endpoints.Count; i++)
        {
            if (!HttpsDnsEndpoint.TryParse(Endpoints[i], out _))
                yield return ($"{nameof(Endpoints)}:{i}", $"'{Endpoints[i]}' is not an https URL (optionally ending in #wire or #json)");
        }
        if (!string.IsNullOrEmpty(TrustedAuthorities) && !File.Exists(TrustedAuthorities)) yield return (nameof(TrustedAuthorities), $"there is no file {TrustedAuthorities}");
    }
}
