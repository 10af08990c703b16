using System.Collections.Concurrent;
using System.Diagnostics;

namespace Smxp.Testing;

/// <summary>The real host in a process of its own: for what only a process can show, such as an exit code, a signal or a crash.</summary>
public sealed class TestServerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();

    private TestServerProcess(Process process, int port)
    {
        (_process, Port) = (process, port);
        Http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        process.OutputDataReceived += (_, line) => _output.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => _output.Enqueue(line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Where it listens.</summary>
    public int Port { get; }

    /// <summary>Its process id.</summary>
    public int Id => _process.Id;

    /// <summary>A client that nobody signed in.</summary>
    public HttpClient Http { get; }

    /// <summary>What it wrote, to both streams.</summary>
    public string Output => string.Join('\n', _output);

    /// <summary>Starts the host and waits until it is healthy.</summary>
    public static async Task<TestServerProcess> StartAsync(TestServerSettings settings)
    {
        var port = settings.Port ??= FreePort.Next();
        var data = settings.DataDirectory ?? throw new ArgumentException("A process needs a data folder that the test owns.", nameof(settings));
        var process = new TestServerProcess(Launch(settings.Build(port, data).SelectMany(value => new[] { $"--{value.Key}", value.Value! })), port);
        try
        {
            await Eventually.TrueAsync(process.IsHealthyAsync, TimeSpan.FromSeconds(60), "the server is healthy");
        }
        catch (TimeoutException e)
        {
            var output = process.Output;
            await process.DisposeAsync();
            throw new TimeoutException($"{e.Message}. It wrote:\n{output}", e);
        }

        return process;
    }

    /// <summary>Runs a command to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(params IEnumerable<string> arguments)
    {
        using var process = Launch(arguments);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        var (output, error) = (process.StandardOutput.ReadToEndAsync(patience.Token), process.StandardError.ReadToEndAsync(patience.Token));
        try
        {
            await process.WaitForExitAsync(patience.Token);
            return (process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException("The command did not end.");
        }
    }

    /// <summary>Ends it at once, as <c>kill -9</c> does.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks it to end, as SIGTERM does, and answers its exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        await kill.WaitForExitAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (!_process.HasExited) await KillAsync();
        _process.Dispose();
    }

    private static Process Launch(IEnumerable<string> arguments) => Process.Start(new ProcessStartInfo("dotnet", [HostFiles.Assembly, .. arguments])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        WorkingDirectory = Path.GetTempPath(),
    })!;

    private async Task<bool> IsHealthyAsync()
    {
        if (_process.HasExited) throw new TimeoutException($"The server ended with {_process.ExitCode}");
        try
        {
            using var answer = await Http.GetAsync("/.smxp/health");
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
