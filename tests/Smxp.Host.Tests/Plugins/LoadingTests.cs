using System.Runtime.Loader;
using Smxp.Testing;

namespace Smxp.Host.Tests.Plugins;

/// <summary>Only what configuration names is loaded.</summary>
public sealed class LoadingTests : IDisposable
{
    private readonly PluginFolder _plugins = new();

    public void Dispose() => _plugins.Dispose();

    [Fact]
    public async Task Loads_what_is_named_and_nothing_else()
    {
        const string register = "plugin.Driver<IContentType, NoSettings>(\"{0}\", (_, _) => new Plain(\"{0}\"));";
        _plugins.Add("Wanted", register.Replace("{0}", "wanted", StringComparison.Ordinal), ["content/wanted"], more: PluginSource.Content);
        _plugins.Add("Unwanted", register.Replace("{0}", "unwanted", StringComparison.Ordinal), ["content/unwanted"], more: PluginSource.Content);
        await using var server = await TestServer.StartAsync(settings => settings.With("Smxp:Plugins:Directory", null)
            .With("Smxp:Plugins:Directory:0", HostFiles.Plugins).With("Smxp:Plugins:Directory:1", _plugins.Root).With("Smxp:Content:0", "wanted"));

        var loaded = AssemblyLoadContext.All.SelectMany(context => context.Assemblies).Where(assembly => !assembly.IsDynamic && assembly.Location.StartsWith(_plugins.Root, StringComparison.Ordinal)).Select(assembly => assembly.GetName().Name);
        Assert.Equal(["Wanted"], loaded);
    }

    [Fact]
    public async Task A_named_entry_point_is_the_one_and_what_other_types_are_made_of_stays_unloaded()
    {
        var library = PluginFolder.Compile("Dear.Library", "namespace Dear { public class Thing { } }", Directory.CreateDirectory(Path.Combine(_plugins.Root, "Thrifty")).FullName);
        _plugins.AddSource("Thrifty", """
            public sealed class One : IPlugin { public void Register(IPluginBuilder plugin) => plugin.Driver<IContentType, NoSettings>("thrifty", (_, _) => new Plain("thrifty")); }
            public sealed class Two : IPlugin { public void Register(IPluginBuilder plugin) => throw new Exception("not this one"); }
            public sealed class Later : Dear.Thing { }
            """ + PluginSource.Content, ["content/thrifty"], entry: "One", references: library);
        await using var server = await TestServer.StartAsync(settings => settings.With("Smxp:Plugins:Directory", null)
            .With("Smxp:Plugins:Directory:0", HostFiles.Plugins).With("Smxp:Plugins:Directory:1", _plugins.Root).With("Smxp:Content:0", "thrifty"));

        var loaded = AssemblyLoadContext.All.SelectMany(context => context.Assemblies).Where(assembly => !assembly.IsDynamic && assembly.Location.StartsWith(_plugins.Root, StringComparison.Ordinal)).Select(assembly => assembly.GetName().Name);
        Assert.Equal(["Thrifty"], loaded);
    }

    [Fact]
    public async Task Two_hosts_in_one_process_share_a_plugins_code_but_not_its_drivers()
    {
        await using var first = await TestServer.StartAsync();
        await using var second = await TestServer.StartAsync();
        var (a, b) = (Store(first), Store(second));
        Assert.Same(a.GetType(), b.GetType());
        Assert.NotSame(a, b);

        static object Store(TestServer server) => server.Services.GetService(typeof(Smxp.Plugins.Storage.IMessageStore))!;
    }

    [Fact]
    public async Task Hosted_services_of_a_plugin_run_from_start_to_stop()
    {
        var note = Path.Combine(_plugins.Root, "note");
        _plugins.Add("Worker", "plugin.Driver<IContentType, NoSettings>(\"worker\", (_, _) => new Plain(\"worker\")); plugin.HostedService(_ => new Work());", ["content/worker"], more: PluginSource.Content + $$"""
            public sealed class Work : Microsoft.Extensions.Hosting.IHostedService
            {
                public Task StartAsync(CancellationToken cancellationToken) => System.IO.File.AppendAllTextAsync("{{note}}", "started ", cancellationToken);
                public Task StopAsync(CancellationToken cancellationToken) => System.IO.File.AppendAllTextAsync("{{note}}", "stopped", cancellationToken);
            }
            """);
        await using (await TestServer.StartAsync(settings => settings.With("Smxp:Plugins:Directory", null)
            .With("Smxp:Plugins:Directory:0", HostFiles.Plugins).With("Smxp:Plugins:Directory:1", _plugins.Root).With("Smxp:Content:0", "worker")))
            Assert.Equal("started ", await File.ReadAllTextAsync(note));
        Assert.Equal("started stopped", await File.ReadAllTextAsync(note));
    }
}
