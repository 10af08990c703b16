using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;

namespace Smxp.Host.Cli.Demo;

/// <summary>The outside world: a tiny SMTP server on loopback that takes every mail and keeps it. For the demo only.</summary>
internal sealed class SmtpSink : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Channel<SunkMail> _mails = Channel.CreateBounded<SunkMail>(new BoundedChannelOptions(100) { FullMode = BoundedChannelFullMode.DropOldest });
    private readonly CancellationTokenSource _stop = new();

    public SmtpSink()
    {
        _listener.Start();
        _ = AcceptAsync(_stop.Token);
    }

    /// <summary>A mail was taken.</summary>
    public event Action<SunkMail>? Arrived;

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The next mail, when it comes.</summary>
    public ValueTask<SunkMail> ReadAsync(CancellationToken cancellationToken) => _mails.Reader.ReadAsync(cancellationToken);

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true) _ = ServeAsync(await _listener.AcceptTcpClientAsync(cancellationToken), cancellationToken);
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The demo is over.
        }
    }

    private async Task ServeAsync(TcpClient client, CancellationToken cancellationToken)
    {
        try
        {
            using (client)
            {
                using var reader = new StreamReader(client.GetStream(), Encoding.Latin1);
                await using var writer = new StreamWriter(client.GetStream(), Encoding.ASCII) { NewLine = "\r\n", AutoFlush = true };
                await ConverseAsync(reader, writer, cancellationToken);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The other side left.
        }
    }

    private async Task ConverseAsync(StreamReader reader, StreamWriter writer, CancellationToken cancellationToken)
    {
        var recipients = new List<string>();
        await writer.WriteLineAsync("220 outside.test ESMTP demo sink");
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            string reply = "250 2.0.0 OK";
            switch (line.Split(' ', ':')[0].ToUpperInvariant())
            {
                case "EHLO":
                    reply = "250-outside.test\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SMTPUTF8";
                    break;
                case "RCPT":
                    recipients.Add(line[(line.IndexOf('<', StringComparison.Ordinal) + 1)..].Split('>')[0]);
                    break;
                case "RSET":
                    recipients.Clear();
                    break;
                case "DATA":
                    await writer.WriteLineAsync("354 go on");
                    Keep(new SunkMail([.. recipients], await ReadMailAsync(reader, cancellationToken)));
                    recipients.Clear();
                    break;
                case "QUIT":
                    await writer.WriteLineAsync("221 2.0.0 bye");
                    return;
            }
            await writer.WriteLineAsync(reply);
        }
    }

    private void Keep(SunkMail mail)
    {
        _mails.Writer.TryWrite(mail);
        Arrived?.Invoke(mail);
    }

    private static async Task<string> ReadMailAsync(StreamReader reader, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        while (await reader.ReadLineAsync(cancellationToken) is { } line && line != ".")
        {
            // RFC 5321 §4.5.2: a leading dot was doubled by the sender.
            text.Append(line.StartsWith('.') ? line[1..] : line).Append("\r\n");
        }
        return text.ToString();
    }
}
