using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Smxp.Bridge.Email.Tests.EndToEnd;

/// <summary>Brings a mail over SMTP exactly as its bytes are; a mail library would write it anew.</summary>
internal static class RawSmtp
{
    /// <summary>Delivers a mail with CRLF line ends, and answers the reply to it, or the first refusal before.</summary>
    public static async Task<string> DeliverAsync(int port, byte[] mail, string recipient, string sender = "bob@mail.test")
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.Latin1);
        string reply = await ReadAsync(reader);
        foreach (string line in new[] { "EHLO mail.test", $"MAIL FROM:<{sender}>", $"RCPT TO:<{recipient}>", "DATA" })
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"{line}\r\n"));
            reply = await ReadAsync(reader);
            if (reply[0] is '4' or '5') return reply;
        }

        string stuffed = Encoding.Latin1.GetString(mail).Replace("\r\n.", "\r\n..", StringComparison.Ordinal);
        await stream.WriteAsync(Encoding.Latin1.GetBytes($"{(stuffed.StartsWith('.') ? "." : "")}{stuffed}.\r\n"));
        return await ReadAsync(reader);
    }

    private static async Task<string> ReadAsync(StreamReader reader)
    {
        string line;
        do line = await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30)) ?? "421 closed";
        while (line.Length > 3 && line[3] == '-');
        return line;
    }
}
