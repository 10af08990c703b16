using System.Text;

namespace Smxp.Mail.Smtp.Tests.Session;

/// <summary>Whatever is said, no session fails, none hangs, and the next client is served.</summary>
public sealed class SessionFuzzTests
{
    private static readonly string[] Words =
    [
        "EHLO x", "HELO y", "MAIL FROM:<a@b>", "MAIL FROM:<>", " BODY=BINARYMIME", " RET=FULL", "RCPT TO:<alice@example.test>", "RCPT TO:<\"", " NOTIFY=NEVER", "DATA", ".", "..", "BDAT 3", "BDAT 20", "BDAT 0 LAST",
        "BDAT 7 LAST", "AUTH PLAIN AGFsaWNlAHNlc2FtZQ==", "AUTH LOGIN", "*", "XCLIENT ADDR=192.0.2.1", "XCLIENT LOGIN=x", "STARTTLS", "RSET", "NOOP", "\r\n", "\r\n", "\r\n", "\r\n", "\n", "\r", "\0", "ÿ", "QUITX", " ", "Subject: x",
    ];

    [Fact]
    public async Task Survives_whatever_is_said()
    {
        var listener = SmtpFixture.Listener with { XclientNetworks = SmtpFixture.Loopback };
        await using var fixture = await SmtpFixture.StartAsync(options => options with
        {
            Listeners = [listener, listener with { Kind = SmtpListenerKind.Submission, AllowPlaintextAuthentication = true }, listener with { ProxyNetworks = SmtpFixture.Loopback }],
            MaxConnectionsPerClient = 1000,
        });
        await Parallel.ForEachAsync(Enumerable.Range(0, 300), async (seed, _) =>
        {
            using var client = await fixture.OpenAsync(seed % 3);
            var random = new Random(seed);
            byte[] noise = new byte[random.Next(60)];
            random.NextBytes(noise);
            string words = string.Concat(Enumerable.Range(0, 40).Select(_ => Word(random)));
            try
            {
                if (seed % 3 == 2) await client.SendAsync("PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n");
                if (seed % 7 != 0) await client.ReplyAsync();
                // Half of them come as far as a mail, before they say whatever they say.
                string[] start = ["EHLO x", "AUTH PLAIN AGFsaWNlAHNlc2FtZQ==", "MAIL FROM:<a@b>", "RCPT TO:<alice@example.test>"];
                foreach (string line in seed % 2 == 0 ? start : []) await client.SayAsync(line);
                await client.SendAsync(seed % 5 == 0 ? [.. noise, .. Encoding.UTF8.GetBytes(words)] : Encoding.UTF8.GetBytes(words));
                client.FinishSending();
                // The end of what is said is the end of the session.
                while ((await client.ReplyAsync()).Length > 0)
                {
                }
            }
            catch (IOException)
            {
                // The server closed first; its right.
            }
        });
        Assert.Empty(fixture.Log.Faults);
        using var honest = await fixture.ConnectAsync();
        await honest.BeginDataAsync();
        Assert.StartsWith("250", await honest.SayAsync("Hi\r\n."), StringComparison.Ordinal);
        await fixture.Server.StopAsync(CancellationToken.None);
        Assert.Equal(0, fixture.Application.Open);

        static string Word(Random random) => Words[random.Next(Words.Length)];
    }
}
