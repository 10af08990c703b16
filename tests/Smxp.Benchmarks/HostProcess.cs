using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Reflection;

namespace Smxp.Benchmarks;

/// <summary>The real host of the Release build, in a process of its own, on an empty data folder.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private const string AdminSecret = "benchmark";

    private readonly Process _process;
    private readonly string _data;

    private HostProcess(Process process, string data, int port)
    {
        (_process, _data, Port) = (process, data, port);
        Admin = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        Admin.DefaultRequestHeaders.Add("X-Admin-Api-Key", AdminSecret);
    }

    public int Port { get; }

    /// <summary>Signed in as the administrator.</summary>
    public HttpClient Admin { get; }

    /// <summary>What it has used of the processors: unlike the rate, it says little of what else the machine does.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Starts it and waits until it is healthy.</summary>
    public static async Task<HostProcess> StartAsync(params (string Path, string Value)[] settings)
    {
        string host = typeof(HostProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "Host").Value!;
        string data = Directory.CreateTempSubdirectory("smxp-bench-").FullName;
        int port = FreePort();
        (string Path, string Value)[] all =
        [
            ("urls", $"http://127.0.0.1:{port}"), ("Smxp:DataDirectory", data), ("Smxp:AdminSecret", AdminSecret), ("Smxp:Bridge:Email:Enabled", "false"),
            ("Smxp:Federation:AllowPrivateNetworks", "true"), ("Logging:LogLevel:Default", "Warning"), .. settings,
        ];
        Process process = Process.Start(new ProcessStartInfo("dotnet", [host, .. all.SelectMany(setting => new[] { $"--{setting.Path}", setting.Value })]) { RedirectStandardOutput = true })!;
        process.BeginOutputReadLine();
        var started = new HostProcess(process, data, port);
        var watch = Stopwatch.StartNew();
        while (!await started.IsHealthyAsync())
        {
            if (process.HasExited || watch.Elapsed > TimeSpan.FromMinutes(1)) throw new InvalidOperationException("The host did not start.");
            await Task.Delay(20);
        }
        return started;
    }

    /// <summary>Adds a domain with one inbox.</summary>
    public async Task AddInboxAsync(string alias, string domain)
    {
        (await Admin.PostAsJsonAsync("/.smxp/admin/domains", new { domain })).EnsureSuccessStatusCode();
        (await Admin.PostAsJsonAsync("/.smxp/admin/addresses", new { domain, alias, password = "benchmark password" })).EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        Console.WriteLine($"host: {_process.TotalProcessorTime.TotalSeconds:F1} s of processor time, {_process.PeakWorkingSet64 / 1048576} MB at most");
        Admin.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_data, recursive: true);
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task<bool> IsHealthyAsync()
    {
        try
        {
            using HttpResponseMessage answer = await Admin.GetAsync("/.smxp/health");
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
