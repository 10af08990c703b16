using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Reflection;
using Smxp.Client;
using Smxp.Client.Admin;
using Smxp.Protocol;

namespace Smxp.Benchmarks;

/// <summary>The real host in a process of its own, from its build output, on an empty data folder; or one that runs elsewhere.</summary>
internal sealed class BenchHost : IAsyncDisposable
{
    private const string Password = "benchmark-password";

    private readonly Process? _process;
    private readonly DirectoryInfo? _data;
    private readonly string _adminSecret;

    private BenchHost(Uri address, string adminSecret, Process? process, DirectoryInfo? data) =>
        (Address, _adminSecret, _process, _data) = (address, adminSecret, process, data);

    public Uri Address { get; }

    /// <summary>From the start of the process to the first healthy answer.</summary>
    public TimeSpan StartTime { get; private set; }

    public static async Task<BenchHost> StartAsync(BenchOptions options, IEnumerable<(string Path, string Value)> settings, CancellationToken cancellationToken)
    {
        if (options.Url is { } url) return new BenchHost(url, options.AdminSecret, null, null);
        string assembly = options.Host ?? typeof(BenchHost).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(each => each.Key == "Host").Value!;
        var data = Directory.CreateTempSubdirectory("smxp-bench-");
        int port = HostProcess.FreePort();
        (string, string)[] own =
        [
            ("urls", $"http://127.0.0.1:{port}"),
            ("Smxp:DataDirectory", data.FullName),
            ("Smxp:AdminSecret", options.AdminSecret),
            ("Smxp:PublicHost", "127.0.0.1"),
            ("Smxp:PublicPort", port.ToString(CultureInfo.InvariantCulture)),
            ("Smxp:Dns:0:Driver", "static"),
            ("Smxp:Bridge:Email:Enabled", "false"),
            ("Logging:LogLevel:Default", "Warning"),
        ];
        // Of the same setting given twice the later counts.
        var arguments = own.Concat(options.Settings).Concat(settings).SelectMany(setting => new[] { $"--{setting.Item1}", setting.Item2 });
        var process = Process.Start(new ProcessStartInfo("dotnet", [assembly, "serve", .. arguments]))!;
        var host = new BenchHost(new Uri($"http://127.0.0.1:{port}"), options.AdminSecret, process, data);
        await host.WaitUntilHealthyAsync(cancellationToken);
        return host;
    }

    /// <summary>Resident memory, bytes; 0 for a host elsewhere.</summary>
    public long ResidentBytes()
    {
        _process?.Refresh();
        return _process?.WorkingSet64 ?? 0;
    }

    /// <summary>Adds inboxes (and their domain) and signs each in; answers their tokens.</summary>
    public async Task<IReadOnlyList<string>> AddInboxesAsync(IEnumerable<string> addresses, CancellationToken cancellationToken)
    {
        var tokens = new List<string>();
        foreach (string text in addresses)
        {
            var address = Protocol.Address.Parse(text);
            using var client = new SmxpClient(Address) { AdminSecret = _adminSecret };
            await IgnoreConflictAsync(() => client.Admin.Domains.AddAsync(address.Domain, cancellationToken));
            await IgnoreConflictAsync(() => client.Admin.Addresses.AddAsync(new NewAddress { Domain = address.Domain, Alias = address.Local, Password = Password }, cancellationToken));
            tokens.Add((await client.Auth.LoginAsync(address, Password, cancellationToken)).Token);
        }
        return tokens;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is null) return;
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _data!.Delete(recursive: true);
    }

    private async Task WaitUntilHealthyAsync(CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        while (true)
        {
            if (_process!.HasExited) throw new InvalidOperationException($"The host ended with {_process.ExitCode}; what it wrote stands above.");
            try
            {
                using var answer = await http.GetAsync(new Uri(Address, "/.smxp/health"), cancellationToken);
                if (answer.IsSuccessStatusCode) break;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
            await Task.Delay(5, cancellationToken);
        }
        StartTime = DateTime.Now - _process.StartTime;
    }

    private static async Task IgnoreConflictAsync(Func<Task> add)
    {
        try
        {
            await add();
        }
        catch (SmxpException e) when (e.StatusCode == HttpStatusCode.Conflict)
        {
            // There from an earlier run.
        }
    }
}
