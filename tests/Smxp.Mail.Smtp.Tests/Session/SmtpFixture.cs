using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Smxp.Mail.Smtp.Tests.Session;

/// <summary>A server on a loopback port, and clients that speak to it byte by byte.</summary>
internal sealed class SmtpFixture : IAsyncDisposable
{
    private SmtpFixture(SmtpServer server, CollectingApplication application, FaultLog log) => (Server, Application, Log) = (server, application, log);

    public SmtpServer Server { get; }

    public CollectingApplication Application { get; }

    public FaultLog Log { get; }

    public static SmtpListener Listener { get; } = new() { EndPoint = new IPEndPoint(IPAddress.Loopback, 0) };

    public static IPNetwork[] Loopback { get; } = [IPNetwork.Parse("127.0.0.0/8")];

    public static async Task<SmtpFixture> StartAsync(Func<SmtpServerOptions, SmtpServerOptions>? configure = null, TimeProvider? time = null)
    {
        var options = new SmtpServerOptions { HostName = "mx.example.test", Listeners = [Listener] };
        var application = new CollectingApplication();
        var log = new FaultLog();
        var server = new SmtpServer(configure?.Invoke(options) ?? options, application, log, time ?? TimeProvider.System);
        await server.StartAsync(CancellationToken.None);
        return new SmtpFixture(server, application, log);
    }

    /// <summary>Connects, and reads the greeting.</summary>
    public async Task<SmtpConversation> ConnectAsync(int listener = 0)
    {
        var conversation = await OpenAsync(listener);
        Assert.StartsWith("220 mx.example.test", await conversation.ReplyAsync(), StringComparison.Ordinal);
        return conversation;
    }

    public async Task<SmtpConversation> OpenAsync(int listener = 0)
    {
        var client = new TcpClient();
        await client.ConnectAsync((IPEndPoint)Server.Endpoints[listener]);
        return new SmtpConversation(client);
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}

/// <summary>One client.</summary>
internal sealed class SmtpConversation(TcpClient client) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly byte[] _buffer = new byte[8192];
    private int _length;

    public Stream Stream { get; set; } = client.GetStream();

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));

    public async Task SendAsync(byte[] bytes) => await Stream.WriteAsync(bytes);

    /// <summary>Goes on encrypted.</summary>
    public async Task<SslStream> EncryptAsync()
    {
        var tls = new SslStream(Stream);
#pragma warning disable CA5359 // The certificate is the test's own.
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "mx.example.test", RemoteCertificateValidationCallback = static (_, _, _, _) => true }).WaitAsync(Patience);
#pragma warning restore CA5359
        Stream = tls;
        return tls;
    }

    /// <summary>Sends a line and reads the reply to it.</summary>
    public async Task<string> SayAsync(string line)
    {
        await SendAsync(line + "\r\n");
        return await ReplyAsync();
    }

    /// <summary>The next reply, its lines joined; empty where the server closed the connection.</summary>
    public async Task<string> ReplyAsync()
    {
        var reply = new StringBuilder();
        while (true)
        {
            int end = _buffer.AsSpan(0, _length).IndexOf("\r\n"u8);
            if (end < 0)
            {
                int read;
                try
                {
                    read = await Stream.ReadAsync(_buffer.AsMemory(_length)).AsTask().WaitAsync(Patience);
                }
                catch (IOException)
                {
                    read = 0;
                }

                if (read == 0) return reply.ToString();
                _length += read;
                continue;
            }

            string line = Encoding.ASCII.GetString(_buffer, 0, end);
            _buffer.AsSpan(end + 2, _length - end - 2).CopyTo(_buffer);
            _length -= end + 2;
            reply.Append(line);
            if (line.Length < 4 || line[3] == ' ') return reply.ToString();
            reply.Append('\n');
        }
    }

    /// <summary>Says hello and begins a mail up to the 354.</summary>
    public async Task BeginDataAsync()
    {
        await BeginMailAsync();
        Assert.StartsWith("354", await SayAsync("DATA"), StringComparison.Ordinal);
    }

    /// <summary>Says hello and begins a mail up to its one recipient.</summary>
    public async Task BeginMailAsync(string parameters = "")
    {
        Assert.StartsWith("250", await SayAsync("EHLO client.test"), StringComparison.Ordinal);
        Assert.StartsWith("250", await SayAsync($"MAIL FROM:<bob@peer.test>{parameters}"), StringComparison.Ordinal);
        Assert.StartsWith("250", await SayAsync("RCPT TO:<alice@example.test>"), StringComparison.Ordinal);
    }

    /// <summary>Says nothing more, and goes on listening.</summary>
    public void FinishSending() => client.Client.Shutdown(SocketShutdown.Send);

    public void Dispose() => client.Dispose();
}
