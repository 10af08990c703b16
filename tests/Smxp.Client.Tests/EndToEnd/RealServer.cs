using Smxp.Client.Admin;
using Smxp.Protocol;
using Smxp.Testing;

namespace Smxp.Client.Tests.EndToEnd;

/// <summary>The real host with the accounts alice and bob, made and signed in through the SDK.</summary>
public sealed class RealServer : IAsyncLifetime
{
    public const string Domain = "example.test";
    public const string Password = "correct horse";

    private TestServer? _server;

    public TestServer Server => _server ?? throw new InvalidOperationException("Not started.");
    public SmxpClient Admin { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        Admin = new SmxpClient(Server.BaseAddress) { AdminSecret = TestServer.AdminSecret };
        await Admin.Admin.Domains.AddAsync(Domain, CancellationToken.None);
    }

    /// <summary>A new account, signed in.</summary>
    public async Task<SmxpClient> SignInNewAsync(string alias)
    {
        await Admin.Admin.Addresses.AddAsync(new NewAddress { Domain = Domain, Alias = alias, Password = Password }, CancellationToken.None);
        var client = new SmxpClient(Server.BaseAddress);
        await client.Auth.LoginAsync(Address.Parse($"{alias}@{Domain}"), Password, CancellationToken.None);
        return client;
    }

    public async Task DisposeAsync()
    {
        Admin?.Dispose();
        if (_server is not null) await _server.DisposeAsync();
    }
}
