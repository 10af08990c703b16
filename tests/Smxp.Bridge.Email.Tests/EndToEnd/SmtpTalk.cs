using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Smxp.Bridge.Email.Tests.EndToEnd;

/// <summary>A mail over SMTP with the envelope a test wants, and what was answered to each step.</summary>
internal static class SmtpTalk
{
    /// <summary>Says the envelope and, unless every recipient was refused, the mail (CRLF line ends, no line that begins with a dot). Answers the replies to RCPT, and the last one.</summary>
    /// <param name="port">The server's.</param>
    /// <param name="sender">What follows <c>MAIL FROM:</c>.</param>
    /// <param name="recipients">What follows <c>RCPT TO:</c>, of each.</param>
    /// <param name="mail">The mail.</param>
    public static async Task<(IReadOnlyList<string> Recipients, string Last)> SendAsync(int port, string sender, IReadOnlyList<string> recipients, string mail)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.Latin1);
        await ReadAsync(reader);
        await SayAsync("EHLO out.test");
        await SayAsync($"MAIL FROM:{sender}");
        List<string> replies = [];
        foreach (string recipient in recipients) replies.Add(await SayAsync($"RCPT TO:{recipient}"));
        if (replies.TrueForAll(static reply => reply[0] != '2')) return (replies, replies[^1]);
        await SayAsync("DATA");
        return (replies, await SayAsync($"{mail}."));

        async Task<string> SayAsync(string line)
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes($"{line}\r\n"));
            return await ReadAsync(reader);
        }
    }

    private static async Task<string> ReadAsync(StreamReader reader)
    {
        string line;
        do line = await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30)) ?? "421 closed";
        while (line.Length > 3 && line[3] == '-');
        return line;
    }
}
