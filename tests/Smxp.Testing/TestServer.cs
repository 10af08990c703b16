using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Smxp.Host;
using Smxp.Host.Domains;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Testing;

/// <summary>
/// The real host, in this process, on a real loopback port, with the real plugins and a data folder of its own. What a test does to it over HTTP is what a client does.
/// </summary>
public sealed class TestServer : IAsyncDisposable
{
    /// <summary>The admin secret of every test server.</summary>
    public const string AdminSecret = "test-admin-secret";

    private readonly TestServerSettings _settings;
    private readonly TemporaryDirectory? _temporary;
    private WebApplication? _app;

    private TestServer(TestServerSettings settings)
    {
        _settings = settings;
        if (settings.DataDirectory is null) _temporary = new TemporaryDirectory();
        DataDirectory = settings.DataDirectory ?? _temporary!.Path;
        Port = settings.Port ?? FreePort.Next();
        Http = NewClient();
    }

    /// <summary>Where it listens; the same after a restart.</summary>
    public int Port { get; }

    /// <summary>Where it keeps its files.</summary>
    public string DataDirectory { get; }

    /// <summary>Its root URL.</summary>
    public Uri BaseAddress => new($"http://127.0.0.1:{Port}");

    /// <summary>A client that nobody signed in.</summary>
    public HttpClient Http { get; }

    /// <summary>The host's services.</summary>
    public IServiceProvider Services => (_app ?? throw new InvalidOperationException("The server is stopped.")).Services;

    /// <summary>Starts a server.</summary>
    public static async Task<TestServer> StartAsync(Action<TestServerSettings>? configure = null)
    {
        var settings = new TestServerSettings();
        configure?.Invoke(settings);
        var server = new TestServer(settings);
        try
        {
            await server.StartAgainAsync();
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }

        return server;
    }

    /// <summary>Starts two servers that find each other by static DNS: the first serves <paramref name="first"/>, the second <paramref name="second"/>; both domains exist.</summary>
    public static async Task<(TestServer First, TestServer Second)> StartPairAsync(string first = "example.test", string second = "peer.test", Action<TestServerSettings>? configure = null)
    {
        var (a, b) = (FreePort.Next(), FreePort.Next());
        var servers = new List<TestServer>();
        foreach (var (port, domain, other, otherPort) in new[] { (a, first, second, b), (b, second, first, a) })
        {
            var server = await StartAsync(settings =>
            {
                settings.Port = port;
                settings.Hosts[other] = $"http://127.0.0.1:{otherPort}";
                configure?.Invoke(settings);
            });
            await server.AddDomainAsync(domain);
            servers.Add(server);
        }

        return (servers[0], servers[1]);
    }

    /// <summary>Stops it as SIGTERM does.</summary>
    public async Task StopAsync()
    {
        if (_app is not { } app) return;
        _app = null;
        await app.StopAsync();
        await app.DisposeAsync();
    }

    /// <summary>Starts it again on the same data and port, with the settings as they are now.</summary>
    public async Task StartAgainAsync()
    {
        var app = SmxpHost.Build([], builder => builder.Configuration.AddInMemoryCollection(_settings.Build(Port, DataDirectory)), services =>
        {
            if (_settings.Time is { } time) services.AddSingleton(time);
            _settings.Services?.Invoke(services);
        });
        try
        {
            await app.StartAsync();
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        _app = app;
    }

    /// <summary>Stops and starts it.</summary>
    public async Task RestartAsync(Action<TestServerSettings>? configure = null)
    {
        configure?.Invoke(_settings);
        await StopAsync();
        await StartAgainAsync();
    }

    /// <summary>A new client, signed in with a token where one is given.</summary>
    public HttpClient NewClient(string? token = null)
    {
        var client = new HttpClient { BaseAddress = BaseAddress, Timeout = TimeSpan.FromSeconds(60) };
        if (token is not null) client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    /// <summary>A client that is signed in as the administrator.</summary>
    public HttpClient NewAdminClient() => NewClient(AdminSecret);

    /// <summary>Adds a domain with a key for each signature algorithm, unless it is there.</summary>
    public async Task AddDomainAsync(string domain)
    {
        var now = Now;
        var keys = Services.GetRequiredService<ISignatureAlgorithms>().All.Select(algorithm =>
        {
            var pair = algorithm.GenerateKey();
            return new DomainKey(Random(16), algorithm.Name, pair.PublicKey, pair.SecretKey, now, null);
        });
        await Services.GetRequiredService<IStateStore>().Domains.AddAsync(new DomainRecord(domain, now, [.. keys]), CancellationToken.None);
        Services.GetService<IKeyRing>()?.Invalidate(domain);
    }

    /// <summary>Adds an inbox (and its domain, unless it is there) without a password, and answers a session token for it.</summary>
    public async Task<string> AddInboxAsync(string address)
    {
        var parsed = Address.Parse(address);
        var state = Services.GetRequiredService<IStateStore>();
        await AddDomainAsync(parsed.Domain);
        await state.Addresses.AddAsync(new AddressRecord(parsed, null, Now), CancellationToken.None);
        return await NewTokenAsync(address);
    }

    /// <summary>Adds an inbox and answers a client that is signed in to it.</summary>
    public async Task<HttpClient> SignInNewAsync(string address) => NewClient(await AddInboxAsync(address));

    /// <summary>A further session token for an inbox, made without a password.</summary>
    public async Task<string> NewTokenAsync(string address)
    {
        var token = "smxp_ses_" + Random(32);
        var record = new TokenRecord(Random(12), Address.Parse(address), TokenKind.Session, SHA256.HashData(Encoding.UTF8.GetBytes(token)), null, Now, Now + 604800, null);
        await Services.GetRequiredService<IStateStore>().Tokens.AddAsync(record, CancellationToken.None);
        return token;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await StopAsync();
        _temporary?.Dispose();
    }

    private long Now => (_settings.Time ?? TimeProvider.System).GetUtcNow().ToUnixTimeSeconds();

    private static string Random(int bytes) => System.Buffers.Text.Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(bytes));
}
