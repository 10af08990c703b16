using Smxp.Testing;

namespace Smxp.Host.Tests;

/// <summary>One server for the tests of a class; each test uses addresses of its own.</summary>
public sealed class ServerFixture : IAsyncLifetime
{
    public const string Password = "correct horse battery";

    public TestServer Server { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Server = await TestServer.StartAsync();
        await Server.AddDomainAsync("example.test");
    }

    public async Task DisposeAsync() => await Server.DisposeAsync();

    /// <summary>Adds an inbox with a password, as the operator does.</summary>
    public async Task AddAccountAsync(string alias)
    {
        using var admin = Server.NewAdminClient();
        (await admin.PostAsync("/.smxp/admin/addresses", new { domain = "example.test", alias, password = Password })).Is(System.Net.HttpStatusCode.Created);
    }

    /// <summary>Signs in, as a client does.</summary>
    internal async Task<Answer> LoginAsync(string alias, string password = Password, string domain = "example.test") =>
        await Server.Http.PostAsync("/.smxp/auth/login", new { alias, domain, password });

    /// <summary>A client that signed in with its password.</summary>
    public async Task<HttpClient> SignedInAsync(string alias) => Server.NewClient((await LoginAsync(alias)).Text("token"));
}
