using System.IO.Pipelines;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Smxp.Mail.Smtp;
using Smxp.Mail.Smtp.Limits;
using Smxp.Mail.Smtp.Session;

namespace Smxp.Fuzz.Targets;

/// <summary>
/// A whole SMTP session in memory. The first octet of a case chooses who listens and in what pieces the rest arrives. Besides falling over, a session must not leave a mail open, log an
/// error, or answer with anything but reply lines.
/// </summary>
internal sealed class SmtpTarget : IFuzzTarget
{
    private static readonly IPNetwork[] Everywhere = [IPNetwork.Parse("0.0.0.0/0")];
    private static readonly PipeOptions Inline = new(readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, pauseWriterThreshold: 0, resumeWriterThreshold: 0, useSynchronizationContext: false);
    private static readonly SmtpListener Relay = new() { EndPoint = new IPEndPoint(IPAddress.Loopback, 0), XclientNetworks = Everywhere };
    private static readonly SmtpListener[] Listeners =
    [
        Relay,
        Relay with { Kind = SmtpListenerKind.Submission, AllowPlaintextAuthentication = true },
        Relay with { ProxyNetworks = Everywhere },
    ];

    private readonly FaultLog _log = new();
    private readonly DiscardingApplication _application = new();
    private readonly SmtpServerOptions _options = new() { HostName = "mx.example.test", Listeners = Listeners, MaxMessageBytes = 65536, MaxHeaderBytes = 8192 };

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        Seed.Lines("\0EHLO client.test\nMAIL FROM:<bob@peer.test> SIZE=10 BODY=8BITMIME\nRCPT TO:<alice@example.test> NOTIFY=NEVER ORCPT=rfc822;alice@example.test\nDATA\nSubject: x\n\nHi\n..\n.\nQUIT\n"),
        Seed.Lines("\u0003EHLO client.test\nMAIL FROM:<bob@peer.test> BODY=BINARYMIME RET=HDRS ENVID=a+2Bb\nRCPT TO:<alice@example.test>\nBDAT 8\nA: b\n\nBDAT 2 LAST\n\nMAIL FROM:<a@b>\nRSET\nNOOP\nVRFY alice\nHELP\nQUIT\n"),
        Seed.Lines("\u0004EHLO client.test\nAUTH PLAIN AGFsaWNlAHNlc2FtZQ==\nMAIL FROM:<alice@example.test> SMTPUTF8\nRCPT TO:<jörg@exämple.test>\nDATA\nFrom: alice@example.test\n\nHi\n.\n"),
        Seed.Lines("\u0001EHLO client.test\nAUTH LOGIN\nYWxpY2U=\nc2VzYW1l\nAUTH PLAIN\n*\nMAIL FROM:<>\nRCPT TO:<postmaster>\nDATA\n\n.\n"),
        Seed.Lines("\u0005PROXY TCP4 192.0.2.1 192.0.2.2 1000 25\nHELO x\nMAIL FROM:<a@b>\nRCPT TO:<\"a \\\" b\"@[IPv6:::1]>\nDATA\nx\n.\nQUIT\n"),
        [5, .. "\r\n\r\n\0\r\nQUIT\n"u8, 0x21, 0x11, 0, 12, 192, 0, 2, 1, 192, 0, 2, 2, 0, 1, 0, 2, .. "EHLO x\r\nMAIL FROM:<a@b>\r\nQUIT\r\n"u8],
        Seed.Lines("\0XCLIENT ADDR=192.0.2.7 NAME=x.test HELO=y LOGIN=z\nEHLO x\nMAIL FROM:<@one,@two:a@b>\nRCPT TO:<nobody@example.test>\nRCPT TO:<a@b>\nDATA\nReceived: x\n\n.\n"),
    ];

    public IReadOnlyList<byte[]> Words { get; } = Seed.Words(
        "EHLO x\r\n", "HELO y\r\n", "MAIL FROM:<a@b>\r\n", "MAIL FROM:<>", " BODY=BINARYMIME", " BODY=8BITMIME", " SIZE=99999999999999999999", " SIZE=65537", " RET=FULL", " ENVID=+00", " SMTPUTF8", " REQUIRETLS", " AUTH=<>",
        "RCPT TO:<alice@example.test>\r\n", "RCPT TO:<\"", " NOTIFY=SUCCESS,DELAY", " ORCPT=utf-8;\\x{1F600}", "DATA\r\n", "\r\n.\r\n", "\n.\r\n", "\r\n.\n", "..", "BDAT 3\r\n", "BDAT 0 LAST\r\n", "BDAT 4294967296\r\n", "BDAT -1\r\n",
        "AUTH PLAIN ", "AUTH LOGIN\r\n", "AUTH XOAUTH2 =\r\n", "*\r\n", "=\r\n", "XCLIENT ADDR=", "[UNAVAILABLE]", "IPV6:::1", "LOGIN=+0D+0A", "STARTTLS\r\n", "RSET\r\n", "NOOP\r\n", "VRFY x\r\n", "QUIT\r\n", "PROXY UNKNOWN\r\n",
        "PROXY TCP6 ::1 ::1 1 2\r\n", "\r\n\r\n\0\r\nQUIT\n\x21\x21\0\x24", "\r\n", "\n", "\r", "\0", "<", ">", "@", ":", "\"", "\\", "\xff", "Subject: x\r\n", "\r\n\r\n");

    public async Task RunAsync(byte[] input)
    {
        byte choice = input.Length > 0 ? input[0] : (byte)0;
        Pipe up = new(Inline), down = new(Inline);
        var connection = new DefaultConnectionContext("case", new Transport(up.Reader, down.Writer), new Transport(down.Reader, up.Writer));
        using var place = new ConnectionLimiter(1, 1).TryEnter()!;
        var context = new ServerContext(_options, _application, new ClientRates(_options.Rates, TimeProvider.System), TimeProvider.System, _log, CancellationToken.None);
        var session = RunAsync(new SmtpSession(connection, IPAddress.Parse("198.51.100.1"), Listeners[choice % Listeners.Length], place, context), down.Writer);
        for (int at = 1; at < input.Length && !session.IsCompleted;)
        {
            int length = PieceLength(choice / Listeners.Length, input.AsSpan(at));
            await up.Writer.WriteAsync(input.AsMemory(at, length));
            at += length;
        }

        await up.Writer.CompleteAsync();
        await session;
        await CheckRepliesAsync(down.Reader);
        await connection.DisposeAsync();
        WrongOutcomeException.Unless(_application.Open == 0, "the session left a mail open");
        WrongOutcomeException.Unless(_log.Fault is null, $"the session logged an error: {_log.Fault}");
    }

    // Most clients wait for each reply, and only those get far: who speaks out of turn is cut off.
    private static int PieceLength(int choice, ReadOnlySpan<byte> rest) => (choice % 4) switch
    {
        0 => rest.IndexOf((byte)'\n') is >= 0 and var end ? end + 1 : rest.Length,
        1 => 1,
        2 => Math.Min(7, rest.Length),
        _ => rest.Length,
    };

    // What the server does around a session.
    private static async Task RunAsync(SmtpSession session, PipeWriter output)
    {
        try
        {
            await session.RunAsync();
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The client went away.
        }

        await output.CompleteAsync();
    }

    private static async Task CheckRepliesAsync(PipeReader output)
    {
        var result = await output.ReadAtLeastAsync(int.MaxValue);
        string text = Encoding.UTF8.GetString(System.Buffers.BuffersExtensions.ToArray(result.Buffer));
        await output.CompleteAsync();
        WrongOutcomeException.Unless(text.Length == 0 || text.EndsWith("\r\n", StringComparison.Ordinal), "the last reply has no end");
        foreach (string line in text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries))
        {
            bool isReply = line is [>= '2' and <= '5', >= '0' and <= '9', >= '0' and <= '9', ' ' or '-', ..] && !line.Any(char.IsControl);
            WrongOutcomeException.Unless(isReply, $"not a reply: {line}");
        }
    }

    private sealed class Transport(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }
}
