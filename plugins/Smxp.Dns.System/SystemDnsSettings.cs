using System.ComponentModel.DataAnnotations;
using System.Net;
using Smxp.Plugins;

namespace Smxp.Dns.System;

/// <summary>The settings of <c>system</c>.</summary>
public sealed class SystemDnsSettings : IValidatedSettings
{
    private const int DnsPort = 53;

    /// <summary>The name servers to ask in turn, <c>ip</c> or <c>ip:port</c>; none for the machine's own.</summary>
    public List<string> Servers { get; set; } = [];

    /// <summary>How long one name server is given, in milliseconds.</summary>
    [Range(100, 30_000)]
    public int TimeoutMilliseconds { get; set; } = 2000;

    /// <summary>How many answers are kept.</summary>
    [Range(0, 1_000_000)]
    public int CacheEntries { get; set; } = 4096;

    /// <summary>
    /// Whether to believe the name servers when they say that an answer was validated (DNSSEC). Only for a validating server on a path nobody else can write to;
    /// where nothing is said, those on this machine are believed and others are not.
    /// </summary>
    public bool? TrustAuthenticatedData { get; set; }

    /// <inheritdoc/>
    public IEnumerable<(string Path, string Problem)> Validate() =>
        from index in Enumerable.Range(0, Servers.Count)
        where !TryParseServer(Servers[index], out _)
        select ($"Servers:{index}", $"'{Servers[index]}' is not an address of the form ip or ip:port");

    internal static bool TryParseServer(string text, out IPEndPoint? server)
    {
        if (!IPEndPoint.TryParse(text, out server)) return false;
        if (server.Port == 0) server.Port = DnsPort;
        return true;
    }
}
