using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Smxp.Bridge.Email.Tests.Outbound;

/// <summary>Somebody else's mail server on a loopback address: takes everything unless the test says otherwise, and writes down what was said to it.</summary>
internal sealed class ForeignServer : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<TcpClient> _clients = [];

    public ForeignServer(int port, string address = "127.0.0.1")
    {
        _listener = new TcpListener(IPAddress.Parse(address), port);
        _listener.Start();
        _ = AcceptAsync();
    }

    public string Greeting { get; set; } = "220 foreign ESMTP";

    /// <summary>What EHLO answers, besides STARTTLS where there is a certificate.</summary>
    public string[] Extensions { get; set; } = ["PIPELINING", "SIZE 1000000", "8BITMIME"];

    public X509Certificate2? Certificate { get; set; }

    /// <summary>The authorities' certificates to send along.</summary>
    public X509Certificate2Collection Issuers { get; } = [];

    /// <summary>Answers a command otherwise than usual; null for the usual. A reply of 421 ends the session.</summary>
    public Func<string, string?> Answer { get; set; } = static _ => null;

    /// <summary>Closes the connection after so many mails, without a word.</summary>
    public int HangUpAfter { get; set; } = int.MaxValue;

    public int Connections { get; private set; }

    public ConcurrentQueue<string> Commands { get; } = new();

    /// <summary>The mails, dots unstuffed, and whether each came over TLS.</summary>
    public ConcurrentQueue<(string Text, bool Encrypted)> Mails { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        foreach (var client in _clients) client.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                _clients.Add(client);
                Connections++;
                _ = ServeAsync(client);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException or SocketException)
        {
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        try
        {
            Stream stream = client.GetStream();
            var reader = new StreamReader(stream, Encoding.UTF8);
            int mails = 0;
            await SayAsync(stream, Greeting);
            if (!Greeting.StartsWith("220", StringComparison.Ordinal)) return;
            while (await reader.ReadLineAsync(_stop.Token) is { } line)
            {
                Commands.Enqueue(line);
                string verb = line.Split(' ', ':')[0].ToUpperInvariant();
                string reply = Answer(line) ?? Usual(verb, stream is SslStream);
                await SayAsync(stream, reply);
                if (reply.StartsWith("421", StringComparison.Ordinal) || verb == "QUIT") return;
                if (verb == "STARTTLS" && reply.StartsWith("220", StringComparison.Ordinal))
                {
                    var tls = new SslStream(stream);
                    await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificateContext = SslStreamCertificateContext.Create(Certificate!, Issuers, offline: true) }, _stop.Token);
                    (stream, reader) = (tls, new StreamReader(tls, Encoding.UTF8));
                }
                else if (reply.StartsWith("354", StringComparison.Ordinal))
                {
                    var text = new StringBuilder();
                    while (await reader.ReadLineAsync(_stop.Token) is { } piece && piece != ".") text.Append(piece.StartsWith('.') ? piece[1..] : piece).Append("\r\n");
                    if (text.Length > 0) Mails.Enqueue((text.ToString(), stream is SslStream));
                    await SayAsync(stream, Answer(".") ?? "250 stored");
                    if (++mails >= HangUpAfter) return;
                }
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException or SocketException or System.Security.Authentication.AuthenticationException)
        {
        }
    }

    private string Usual(string verb, bool encrypted) => verb switch
    {
        "EHLO" => string.Concat(Extensions.Append(Certificate is null || encrypted ? "HELP" : "STARTTLS").Select(static word => $"250-{word}\r\n").Prepend("250-foreign\r\n")) + "250 OK",
        "DATA" => "354 go on",
        "STARTTLS" => "220 go on",
        "QUIT" => "221 bye",
        _ => "250 OK",
    };

    private static Task SayAsync(Stream stream, string text) => stream.WriteAsync(Encoding.UTF8.GetBytes($"{text}\r\n")).AsTask();
}
