using System.Diagnostics;

namespace Smxp.Testing.Dns;

/// <summary>BIND 9 in a process of its own, on a free loopback port, serving one zone. Needs <c>named</c>; see <see cref="Unavailable"/>.</summary>
public sealed class NameServer : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("smxp-named-");
    private readonly Process _process;

    private NameServer(string origin, string zone)
    {
        int port = FreePort.Next();
        Address = $"127.0.0.1:{port}";
        File.WriteAllText(Path.Combine(_folder.FullName, "zone"), zone);
        File.WriteAllText(Path.Combine(_folder.FullName, "named.conf"), $$"""
            options {
              directory "{{_folder.FullName}}"; pid-file none; session-keyfile "{{_folder.FullName}}/session.key";
              listen-on port {{port}} { 127.0.0.1; }; listen-on-v6 { none; }; recursion no; dnssec-validation no; minimal-responses yes;
            };
            controls { };
            zone "{{origin}}" { type primary; file "zone"; };
            """);
        _process = Process.Start(new ProcessStartInfo(Program!, ["-4", "-g", "-n", "1", "-c", Path.Combine(_folder.FullName, "named.conf")]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
    }

    /// <summary>Where it listens, <c>ip:port</c>.</summary>
    public string Address { get; }

    /// <summary>Why it cannot be had here, to skip with; null where it can.</summary>
    public static string? Unavailable => Program is null ? "needs BIND 9 (named), Debian package bind9" : null;

    private static string? Program { get; } =
        new[] { "/usr/sbin" }.Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)).Select(static folder => Path.Combine(folder, "named")).FirstOrDefault(File.Exists);

    /// <summary>Starts it and waits until it serves the zone.</summary>
    public static async Task<NameServer> StartAsync(string origin, string zone)
    {
        var server = new NameServer(origin, zone);
        try
        {
            await server.WaitAsync();
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    // It says so once every zone is loaded and every socket open.
    private async Task WaitAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        var said = new List<string>();
        try
        {
            while (await _process.StandardError.ReadLineAsync(patience.Token) is { } line)
            {
                said.Add(line);
                if (!line.EndsWith(" running", StringComparison.Ordinal)) continue;
                _ = _process.StandardError.ReadToEndAsync(CancellationToken.None);
                _ = _process.StandardOutput.ReadToEndAsync(CancellationToken.None);
                return;
            }
        }
        catch (OperationCanceledException)
        {
        }

        throw new InvalidOperationException($"named did not start:\n{string.Join('\n', said)}");
    }
}

/// <summary>A fact that needs <see cref="NameServer"/>; skipped, by name, where there is none.</summary>
public sealed class NameServerFactAttribute : Xunit.FactAttribute
{
    /// <summary>Looks whether it can run.</summary>
    public NameServerFactAttribute() => Skip = NameServer.Unavailable;
}
