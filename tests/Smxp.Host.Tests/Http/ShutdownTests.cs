using System.Net;
using System.Net.Sockets;
using System.Text;
using Smxp.Testing;

namespace Smxp.Host.Tests.Http;

/// <summary>At SIGTERM the server takes nothing new, finishes what is under way, and goes.</summary>
public sealed class ShutdownTests : IDisposable
{
    private const string Body = """{"alias":"alice","domain":"example.test","password":"not the one"}""";

    private readonly TemporaryDirectory _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task A_request_under_way_is_answered_and_then_the_process_ends_well()
    {
        await using var server = await TestServerProcess.StartAsync(new TestServerSettings { DataDirectory = _data.Path });
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, server.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /.smxp/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {Body.Length}\r\nExpect: 100-continue\r\n\r\n"));
        using var reader = new StreamReader(stream);

        // The server asks for the body once a handler reads it: now the request is under way.
        Assert.StartsWith("HTTP/1.1 100", await reader.ReadLineAsync(), StringComparison.Ordinal);
        var ended = server.TerminateAsync();
        await Eventually.TrueAsync(() => RefusesAsync(server.Port), what: "new connections are refused");
        Assert.False(ended.IsCompleted);

        await stream.WriteAsync(Encoding.ASCII.GetBytes(Body));
        Assert.Equal("", await reader.ReadLineAsync());
        Assert.StartsWith("HTTP/1.1 401", await reader.ReadLineAsync(), StringComparison.Ordinal);
        Assert.Equal(0, await ended);
    }

    [Fact]
    public async Task An_idle_server_ends_at_once()
    {
        await using var server = await TestServerProcess.StartAsync(new TestServerSettings { DataDirectory = _data.Path });
        Assert.Equal(0, await server.TerminateAsync().WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task Streams_end_instead_of_holding_the_server_up()
    {
        await using var server = await TestServer.StartAsync();
        using var alice = await server.SignInNewAsync("alice@example.test");
        using var response = await alice.GetAsync("/.smxp/stream", HttpCompletionOption.ResponseHeadersRead);
        Assert.True(response.IsSuccessStatusCode);
        await using var stream = await response.Content.ReadAsStreamAsync();
        await server.StopAsync().WaitAsync(TimeSpan.FromSeconds(10));
        await Eventually.TrueAsync(async () => await stream.ReadAsync(new byte[1024]) == 0, what: "the stream is at its end");
    }

    private static async Task<bool> RefusesAsync(int port)
    {
        using var probe = new TcpClient();
        try
        {
            await probe.ConnectAsync(IPAddress.Loopback, port);
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }
}
