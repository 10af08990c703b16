using System.Net;
using System.Net.Sockets;

namespace Smxp.Benchmarks;

/// <summary>Mail out over SMTP: messages sent through the API, each composed, queued durably, handed to a server that takes everything, and settled.</summary>
internal static class SmtpOut
{
    private const int Senders = 32;

    public static async Task RunAsync(Bench bench, CancellationToken cancellationToken)
    {
        var report = new Report("destinations", "mails/s", "median of a send", "99 %", "connections");
        foreach (int destinations in new[] { 1, 16 })
        {
            using var sink = new Sink();
            await using var host = await bench.StartHostAsync(cancellationToken, ("Smxp:Bridge:Email:Enabled", "true"), ("Smxp:Bridge:Email:Smtp:Listen:0", $"127.0.0.1:{HostProcess.FreePort()}"), ("Smxp:Bridge:Email:Outbound:SmartHost", $"smtp://127.0.0.1:{sink.Port}"),
                // What is held back for edits would not leave while it is measured.
                ("Smxp:Bridge:Email:Outbound:HoldSeconds", "0"));
            var tokens = await host.AddInboxesAsync(["alice@example.test"], cancellationToken);
            var load = new ApiLoad(host, tokens[0], Senders);
            int sent = 0, before = 0;
            long since = 0;
            var result = await Load.RunAsync(Senders, bench.Options.Duration, (_, cancel) =>
            {
                int number = Interlocked.Increment(ref sent);
                // The first thousand are for warming up.
                if (number == 1000) (before, since) = (sink.Mails, System.Diagnostics.Stopwatch.GetTimestamp());
                return load.SendAsync(ApiLoad.Message($"bob@far{number % destinations}.test", $"conversation-{number / 10}"), cancel);
            }, cancellationToken);
            double perSecond = since == 0 ? 0 : (sink.Mails - before) / System.Diagnostics.Stopwatch.GetElapsedTime(since).TotalSeconds;
            report.Row(Report.Number(destinations), Report.Number(perSecond), Report.Milliseconds(result.Median), Report.Milliseconds(result.P99), Report.Number(sink.Connections));
        }

        report.Print();
    }

    /// <summary>A mail server that says yes to everything and keeps nothing, as cheaply as it can.</summary>
    private sealed class Sink : IDisposable
    {
        private static readonly byte[] Ok = "250 OK\r\n"u8.ToArray();
        private static readonly byte[] Hello = "250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SIZE\r\n"u8.ToArray();

        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private int _mails;
        private int _connections;

        public Sink()
        {
            _listener.Start();
            _ = AcceptAsync();
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public int Mails => Volatile.Read(ref _mails);

        public int Connections => Volatile.Read(ref _connections);

        public void Dispose() => _listener.Dispose();

        private async Task AcceptAsync()
        {
            try
            {
                while (true) _ = ServeAsync(await _listener.AcceptSocketAsync());
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
            }
        }

        private async Task ServeAsync(Socket socket)
        {
            Interlocked.Increment(ref _connections);
            using var _ = socket;
            socket.NoDelay = true;
            byte[] buffer = new byte[65536];
            int held = 0;
            bool inMail = false;
            try
            {
                await socket.SendAsync("220 sink\r\n"u8.ToArray());
                while (await socket.ReceiveAsync(buffer.AsMemory(held)) is > 0 and var read)
                {
                    held += read;
                    held = await AnswerAsync(socket, buffer, held, inMail, mail => inMail = mail);
                }
            }
            catch (SocketException)
            {
                // The host closed it.
            }
        }

        // Answers every whole line, or the whole mail, and answers how many octets are left over.
        private async Task<int> AnswerAsync(Socket socket, byte[] buffer, int held, bool inMail, Action<bool> turn)
        {
            var answers = new MemoryStream();
            int start = 0;
            while (start < held)
            {
                var rest = buffer.AsSpan(start, held - start);
                int end = inMail ? rest.IndexOf("\r\n.\r\n"u8) : rest.IndexOf("\r\n"u8);
                if (end < 0) break;
                if (inMail)
                {
                    Interlocked.Increment(ref _mails);
                    answers.Write(Ok);
                    inMail = false;
                    start += end + 5;
                    continue;
                }

                inMail = rest.StartsWith("DATA"u8);
                answers.Write(inMail ? "354 go on\r\n"u8 : rest.StartsWith("EHLO"u8) ? Hello : Ok);
                start += end + 2;
            }

            turn(inMail);
            buffer.AsSpan(start, held - start).CopyTo(buffer);
            if (answers.Length > 0) await socket.SendAsync(answers.GetBuffer().AsMemory(0, (int)answers.Length));
            return held - start;
        }
    }
}
