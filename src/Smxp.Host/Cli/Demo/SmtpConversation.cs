using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Smxp.Host.Cli.Demo;

/// <summary>One mail over SMTP, spoken by hand (RFC 5321 §3): what any mail server outside would do.</summary>
internal static class SmtpConversation
{
    /// <summary>Sends a mail; answers the server's last reply.</summary>
    /// <exception cref="IOException">The server did not take it.</exception>
    public static async Task<string> SendAsync(int port, string from, IReadOnlyList<string> to, string mail, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
        using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
        await using var writer = new StreamWriter(client.GetStream(), Encoding.ASCII) { NewLine = "\r\n", AutoFlush = true };

        await ExpectAsync('2', null);
        await ExpectAsync('2', "EHLO outside.test");
        await ExpectAsync('2', $"MAIL FROM:<{from}>");
        foreach (string recipient in to) await ExpectAsync('2', $"RCPT TO:<{recipient}>");
        await ExpectAsync('3', "DATA");
        string accepted = await ExpectAsync('2', mail.ReplaceLineEndings("\r\n").TrimEnd('\r', '\n') + "\r\n.");
        await ExpectAsync('2', "QUIT");
        return accepted;

        async Task<string> ExpectAsync(char kind, string? command)
        {
            if (command is not null) await writer.WriteLineAsync(command.AsMemory(), cancellationToken);
            string? reply;
            do reply = await reader.ReadLineAsync(cancellationToken);
            while (reply is { Length: > 3 } && reply[3] == '-');
            return reply is not null && reply.StartsWith(kind) ? reply : throw new IOException($"the SMTP server answered '{reply}' to {command?.Split('\r', 2)[0] ?? "the connection"}");
        }
    }
}
