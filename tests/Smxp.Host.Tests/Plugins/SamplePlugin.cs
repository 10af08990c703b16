using System.Diagnostics;
using System.Reflection;
using Smxp.Testing;

namespace Smxp.Host.Tests.Plugins;

/// <summary>Builds tests/SamplePlugin as a third party would: outside this repository, against the contracts in the server's folder.</summary>
public sealed class SamplePlugin : IAsyncLifetime, IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    /// <summary>A folder of plugins with this one in it.</summary>
    public string PluginsFolder => _directory["plugins"];

    public async Task InitializeAsync()
    {
        var source = typeof(SamplePlugin).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "SamplePlugin").Value!;
        var copy = Directory.CreateDirectory(_directory["source"]).FullName;
        foreach (var file in Directory.EnumerateFiles(source)) File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));

        var start = new ProcessStartInfo("dotnet", ["build", copy, "-o", Path.Combine(PluginsFolder, "Poll"), $"-p:SmxpContracts={HostFiles.Directory}", "-v", "q", "-nologo", "-m:1", "-nodeReuse:false", "-p:UseSharedCompilation=false"])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = copy,
        };
        // The test runner's own build settings are not the plugin author's.
        foreach (var name in start.Environment.Keys.Where(key => key.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray()) start.Environment.Remove(name);
        using var build = Process.Start(start)!;
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        var output = await build.StandardOutput.ReadToEndAsync(patience.Token);
        await build.WaitForExitAsync(patience.Token);
        if (build.ExitCode != 0) throw new InvalidOperationException($"The sample plugin does not build:\n{output}");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _directory.Dispose();
}
