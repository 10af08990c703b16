using Smxp.Plugins;
using Smxp.Protocol;

namespace Smxp.Dns.Static;

/// <summary>The settings of <c>static</c>.</summary>
public sealed class StaticDnsSettings : IValidatedSettings
{
    /// <summary>By domain, the URL of its server: <c>"peer.test": "http://127.0.0.1:3001"</c>.</summary>
    public Dictionary<string, string> Hosts { get; set; } = [];

    /// <inheritdoc/>
    public IEnumerable<(string Path, string Problem)> Validate()
    {
        foreach ((string domain, string url) in Hosts)
        {
            if (!DomainName.TryNormalize(domain, out _)) yield return ($"Hosts:{domain}", "is not a domain name");
            if (!TryParseEndpoint(url, out _)) yield return ($"Hosts:{domain}", $"'{url}' is not a URL of the form http://host:port or https://host:port");
        }
    }

    internal static bool TryParseEndpoint(string url, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Uri? endpoint) =>
        Uri.TryCreate(url, UriKind.Absolute, out endpoint)
        && (endpoint.Scheme == Uri.UriSchemeHttp || endpoint.Scheme == Uri.UriSchemeHttps)
        && endpoint is { AbsolutePath: "/", Query: "", Fragment: "", UserInfo: "" };
}
