using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Smxp.Host.Cli.Demo;

/// <summary>The real server with the settings of the demo: everything in one folder, loopback only, all outgoing mail to the sink.</summary>
internal sealed class DemoServer : IAsyncDisposable
{
    private const int KnownHttpPort = 7777;
    private const int KnownSmtpPort = 2525;

    private readonly WebApplication _app;

    private DemoServer(WebApplication app, string dataDirectory, int httpPort, int smtpPort, string adminSecret) =>
        (_app, DataDirectory, HttpPort, SmtpPort, AdminSecret) = (app, dataDirectory, httpPort, smtpPort, adminSecret);

    public string DataDirectory { get; }
    public int HttpPort { get; }
    public int SmtpPort { get; }
    public string AdminSecret { get; }
    public Uri BaseAddress => new($"http://127.0.0.1:{HttpPort}");
    public CancellationToken Stopping => _app.Lifetime.ApplicationStopping;

    public static async Task<DemoServer> StartAsync(string dataDirectory, int sinkPort, bool preferKnownPorts, CancellationToken cancellationToken)
    {
        int http = FreePort(preferKnownPorts ? KnownHttpPort : null);
        int smtp = FreePort(preferKnownPorts ? KnownSmtpPort : null);
        string secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12));
        var settings = new Dictionary<string, string?>
        {
            ["urls"] = $"http://127.0.0.1:{http}",
            ["Logging:LogLevel:Default"] = "Error",
            ["Smxp:DataDirectory"] = dataDirectory,
            ["Smxp:AdminSecret"] = secret,
            ["Smxp:PublicHost"] = "127.0.0.1",
            ["Smxp:PublicPort"] = Text(http),
            // No DNS beyond an empty list: no other SMXP server is found, and every other domain is email.
            ["Smxp:Dns:0:Driver"] = "static",
            ["Smxp:Bridge:Email:Enabled"] = "true",
            ["Smxp:Bridge:Email:Smtp:Listen:0"] = $"127.0.0.1:{smtp}",
            // Nobody waits half a minute in a demo.
            ["Smxp:Bridge:Email:Outbound:HoldSeconds"] = "1",
            ["Smxp:Bridge:Email:Outbound:SmartHost"] = $"smtp://127.0.0.1:{sinkPort}",
        };
        var app = SmxpHost.Build([], builder =>
        {
            // The demo is the same everywhere: neither files nor environment change it.
            builder.Configuration.Sources.Clear();
            builder.Configuration.AddInMemoryCollection(settings);
        });
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
        return new DemoServer(app, dataDirectory, http, smtp, secret);
    }

    /// <summary>Serves until it is told to stop, showing what arrives outside.</summary>
    public async Task RunAsync(SmtpSink sink, CancellationToken cancellationToken)
    {
        sink.Arrived += mail => Console.WriteLine($"\nAn email arrived outside, for {string.Join(", ", mail.Recipients)}:\n{mail.Text}");
        await _app.WaitForShutdownAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static int FreePort(int? preferred)
    {
        bool isFree = preferred is { } port && !IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Any(listener => listener.Port == port);
        if (isFree) return preferred!.Value;
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
