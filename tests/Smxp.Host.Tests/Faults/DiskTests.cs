using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Smxp.Testing;

namespace Smxp.Host.Tests.Faults;

/// <summary>The real process on a disk that fills up, or cannot be written: it refuses, says so, loses nothing, and goes on when there is room again.</summary>
public sealed class DiskTests
{
    private const string Alice = "alice@example.test";
    private const string Password = "correct horse battery";

    [SmallDiskFact]
    public async Task A_full_disk_refuses_with_503_and_loses_nothing_acknowledged()
    {
        using var disk = new SmallDisk(megabytes: 32);
        var settings = new TestServerSettings { DataDirectory = disk.Path };
        await using var server = await TestServerProcess.StartAsync(settings);
        using var alice = await SignInNewAsync(server);

        disk.Fill(leaveKilobytes: 2048);
        var acknowledged = new List<string>();
        HttpStatusCode refusal = default;
        for (int i = 0; i < 400 && refusal == default; i++)
        {
            using var answer = await SendAsync(alice, i);
            if (answer.StatusCode == HttpStatusCode.Created) acknowledged.Add(await IdAsync(answer));
            else refusal = answer.StatusCode;
        }

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refusal);
        Assert.NotEmpty(acknowledged);

        disk.Empty();
        await Eventually.TrueAsync(async () =>
        {
            using var answer = await SendAsync(alice, 1000);
            if (answer.StatusCode != HttpStatusCode.Created) return false;
            acknowledged.Add(await IdAsync(answer));
            return true;
        });
        foreach (string id in acknowledged)
        {
            using var found = await alice.GetAsync($"/.smxp/mail/messages/{id}");
            Assert.Equal(HttpStatusCode.OK, found.StatusCode);
        }
    }

    [SmallDiskFact]
    public async Task A_full_disk_answers_SMTP_with_a_temporary_error_and_takes_the_mail_later()
    {
        using var disk = new SmallDisk(megabytes: 32);
        int port = FreePort.Next();
        var settings = new TestServerSettings { DataDirectory = disk.Path }
            .With("Smxp:Bridge:Email:Enabled", "true")
            .With("Smxp:Bridge:Email:Smtp:Listen:0", $"127.0.0.1:{port}");
        await using var server = await TestServerProcess.StartAsync(settings);
        using var alice = await SignInNewAsync(server);

        disk.Fill(leaveKilobytes: 0);
        string refusal = "250";
        for (int i = 0; i < 50 && refusal.StartsWith("250", StringComparison.Ordinal); i++) refusal = await MailAsync(port, i);
        Assert.Matches("^(451|452) ", refusal);

        disk.Empty();
        await Eventually.TrueAsync(async () => (await MailAsync(port, 1000)).StartsWith("250", StringComparison.Ordinal));
    }

    [SmallDiskFact]
    public async Task A_disk_that_cannot_be_written_keeps_it_from_starting_with_a_clear_message()
    {
        using var disk = new SmallDisk(megabytes: 1);
        disk.MakeReadOnly();
        var (exitCode, _, error) = await TestServerProcess.RunAsync("serve", "--Smxp:DataDirectory", disk.Path, "--Smxp:Plugins:Directory", HostFiles.Plugins, "--urls", $"http://127.0.0.1:{FreePort.Next()}");
        Assert.Equal(2, exitCode);
        Assert.Contains("Smxp:", error, StringComparison.Ordinal);
        Assert.Contains("ead-only", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    private static async Task<HttpClient> SignInNewAsync(TestServerProcess server)
    {
        using var admin = NewClient(server, TestServer.AdminSecret);
        using var domain = await admin.PostAsJsonAsync("/.smxp/admin/domains", new { domain = "example.test" });
        Assert.Equal(HttpStatusCode.Created, domain.StatusCode);
        using var address = await admin.PostAsJsonAsync("/.smxp/admin/addresses", new { domain = "example.test", alias = "alice", password = Password });
        Assert.Equal(HttpStatusCode.Created, address.StatusCode);
        using var login = await server.Http.PostAsJsonAsync("/.smxp/auth/login", new { alias = "alice", domain = "example.test", password = Password });
        var token = (await login.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("token").GetString();
        return NewClient(server, token!);
    }

    private static HttpClient NewClient(TestServerProcess server, string token)
    {
        var client = new HttpClient { BaseAddress = server.Http.BaseAddress };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    /// <summary>Text that does not compress, so that every message takes its room.</summary>
    private static Task<HttpResponseMessage> SendAsync(HttpClient client, int seed)
    {
        var bytes = new byte[24 * 1024];
        new Random(seed).NextBytes(bytes);
        return client.PostAsJsonAsync("/.smxp/mail/send", new { to = Alice, subject = $"{seed}", body = Convert.ToBase64String(bytes) });
    }

    private static async Task<string> IdAsync(HttpResponseMessage answer) =>
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("results")[0].GetProperty("id").GetString()!;

    /// <summary>Sends one mail with a 200 KB body, and answers the reply that refused it or took it.</summary>
    private static async Task<string> MailAsync(int port, int seed)
    {
        using var connection = new System.Net.Sockets.TcpClient();
        await connection.ConnectAsync(IPAddress.Loopback, port);
        using var reader = new StreamReader(connection.GetStream());
        await using var writer = new StreamWriter(connection.GetStream()) { NewLine = "\r\n", AutoFlush = true };
        var reply = await ReadAsync(reader);
        var bytes = new byte[150 * 1024];
        new Random(seed).NextBytes(bytes);
        string mail = $"From: bob@mail.example\r\nTo: {Alice}\r\nMessage-ID: <{seed}@mail.example>\r\n\r\n{Convert.ToBase64String(bytes, Base64FormattingOptions.InsertLineBreaks)}\r\n.";
        foreach (var line in new[] { "EHLO mail.example", "MAIL FROM:<bob@mail.example>", $"RCPT TO:<{Alice}>", "DATA", mail })
        {
            await writer.WriteLineAsync(line);
            reply = await ReadAsync(reader);
            if (reply[0] is '4' or '5') return reply;
        }

        return reply;
    }

    private static async Task<string> ReadAsync(StreamReader reader)
    {
        string line;
        do line = await reader.ReadLineAsync() ?? "closed";
        while (line.Length > 3 && line[3] == '-');
        return line;
    }
}
