using Microsoft.Extensions.DependencyInjection;

namespace Smxp.Testing;

/// <summary>What a test wants different. The defaults: a temporary data folder, a free port, every default plugin, no email bridge (and no hold time once there is one), no DNS beyond <see cref="Hosts"/>.</summary>
public sealed class TestServerSettings
{
    /// <summary>Configuration by path, e.g. <c>Smxp:Sessions:Days</c>. Null takes a default of the test server away.</summary>
    public Dictionary<string, string?> Values { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Other servers by domain: static DNS. May be filled before they run.</summary>
    public Dictionary<string, string> Hosts { get; } = new(StringComparer.Ordinal);

    /// <summary>A clock to use instead of the system's.</summary>
    public TimeProvider? Time { get; set; }

    /// <summary>Services to replace, last before the host is built.</summary>
    public Action<IServiceCollection>? Services { get; set; }

    /// <summary>The data folder; null for one that goes away with the server.</summary>
    public string? DataDirectory { get; set; }

    /// <summary>The port; null for a free one.</summary>
    public int? Port { get; set; }

    /// <summary>Sets one value.</summary>
    public TestServerSettings With(string path, string? value)
    {
        Values[path] = value;
        return this;
    }

    internal IReadOnlyDictionary<string, string?> Build(int port, string dataDirectory)
    {
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
        {
            ["urls"] = $"http://127.0.0.1:{port}",
            ["Smxp:DataDirectory"] = dataDirectory,
            ["Smxp:Plugins:Directory"] = HostFiles.Plugins,
            ["Smxp:AdminSecret"] = TestServer.AdminSecret,
            ["Smxp:PublicHost"] = "127.0.0.1",
            ["Smxp:PublicPort"] = port.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["Smxp:Federation:AllowPrivateNetworks"] = "true",
            ["Smxp:Bridge:Email:Enabled"] = "false",
            ["Smxp:Bridge:Email:Outbound:HoldSeconds"] = "0",
            ["Smxp:Dns:0:Driver"] = "static",
            ["Logging:LogLevel:Default"] = "Warning",
        };
        foreach (var (domain, url) in Hosts) values[$"Smxp:Dns:0:Hosts:{domain}"] = url;
        foreach (var (path, value) in Values)
        {
            if (value is null) values.Remove(path);
            else values[path] = value;
        }

        return values;
    }
}
