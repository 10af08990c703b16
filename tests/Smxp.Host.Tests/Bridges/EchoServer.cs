using Smxp.Host.Tests.Plugins;
using Smxp.Testing;

namespace Smxp.Host.Tests.Bridges;

/// <summary>A server with the bridges of <see cref="EchoBridge"/>.</summary>
public sealed class EchoServer : IAsyncLifetime, IDisposable
{
    private readonly PluginFolder _plugins = new();

    public TestServer Server { get; private set; } = null!;

    public HttpClient Alice { get; private set; } = null!;

    public HttpClient Admin { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        _plugins.Add("test.echo", EchoBridge.Register, ["bridge/echo", "bridge/silent"], more: EchoBridge.Source);
        Server = await TestServer.StartAsync(settings => settings
            .With("Smxp:Plugins:Directory", null).With("Smxp:Plugins:Directory:0", HostFiles.Plugins).With("Smxp:Plugins:Directory:1", _plugins.Root)
            .With("Smxp:Bridge:Echo:Enabled", "true").With("Smxp:Bridge:Silent:Enabled", "true"));
        Alice = await Server.SignInNewAsync("alice@example.test");
        Admin = Server.NewAdminClient();
    }

    public async Task DisposeAsync()
    {
        Alice.Dispose();
        Admin.Dispose();
        await Server.DisposeAsync();
    }

    public void Dispose() => _plugins.Dispose();
}
