using System.Net.Sockets;
using System.Text;

namespace Smxp.Benchmarks;

/// <summary>Mail in over SMTP: a connection for each mail, one recipient, 2 KB of plain text, answered after the commit.</summary>
internal static class SmtpIn
{
    private const int Connections = 10;
    private const int BodyBytes = 1800;

    private static readonly string Body = string.Concat(Enumerable.Repeat("A line of an ordinary mail, of an ordinary length, again.\r\n", BodyBytes / 60));

    public static async Task RunAsync(Bench bench, CancellationToken cancellationToken)
    {
        int port = HostProcess.FreePort();
        double signatures = Primitives.Ed25519SignPerSecond();
        await using var host = await bench.StartHostAsync(cancellationToken, ("Smxp:Bridge:Email:Enabled", "true"), ("Smxp:Bridge:Email:Smtp:Listen:0", $"127.0.0.1:{port}"));
        await host.AddInboxesAsync(["alice@example.test"], cancellationToken);
        int sent = 0;
        var result = await Load.RunAsync(Connections, bench.Options.Duration, (_, cancel) => SendAsync(port, Interlocked.Increment(ref sent), cancel), cancellationToken);
        var report = new Report("connections", "mails/s", "median", "99 %", "one core signs", "ratio");
        report.Row(Report.Number(Connections), Report.Number(result.PerSecond), Report.Milliseconds(result.Median), Report.Milliseconds(result.P99), Report.Number(signatures), Report.Number(result.PerSecond / signatures));
        report.Print();
    }

    private static async Task SendAsync(int port, int number, CancellationToken cancellationToken)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync("127.0.0.1", port, cancellationToken);
        byte[] buffer = new byte[2048];
        await ExpectAsync(socket, buffer, "220", 1, cancellationToken);
        await SayAsync(socket, "EHLO bench.test\r\n", cancellationToken);
        await ExpectAsync(socket, buffer, "250", 1, cancellationToken);
        await SayAsync(socket, "MAIL FROM:<bob@mail.test>\r\nRCPT TO:<alice@example.test>\r\nDATA\r\n", cancellationToken);
        await ExpectAsync(socket, buffer, "354", 3, cancellationToken);
        await SayAsync(socket, $"From: Bob <bob@mail.test>\r\nTo: alice@example.test\r\nSubject: Mail {number}\r\nMessage-ID: <{number}@mail.test>\r\nDate: Fri, 2 Jan 2026 10:00:00 +0000\r\n\r\n{Body}\r\n.\r\n", cancellationToken);
        await ExpectAsync(socket, buffer, "250", 1, cancellationToken);
        await SayAsync(socket, "QUIT\r\n", cancellationToken);
    }

    private static async Task SayAsync(Socket socket, string text, CancellationToken cancellationToken) => await socket.SendAsync(Encoding.ASCII.GetBytes(text), cancellationToken);

    // Reads so many replies and looks at the last.
    private static async Task ExpectAsync(Socket socket, byte[] buffer, string code, int replies, CancellationToken cancellationToken)
    {
        int length = 0;
        while (true)
        {
            int read = await socket.ReceiveAsync(buffer.AsMemory(length), cancellationToken);
            if (read == 0) throw new IOException("The host closed the connection.");
            length += read;
            string[] lines = Encoding.ASCII.GetString(buffer, 0, length).Split("\r\n");
            if (lines[^1].Length > 0) continue;
            var last = lines[..^1].Where(static line => line.Length > 3 && line[3] == ' ').ToList();
            if (last.Count < replies) continue;
            if (!last[^1].StartsWith(code, StringComparison.Ordinal)) throw new InvalidOperationException($"The host answered: {last[^1]}");
            return;
        }
    }
}
