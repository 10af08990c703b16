using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Smxp.Testing;

namespace Smxp.Host.Tests.Faults;

/// <summary>What the tests of faults do to a server that is a process: an account, a message over the API, a mail over SMTP.</summary>
internal static class ProcessMail
{
    public const string Alice = "alice@example.test";

    private const string Password = "correct horse battery";

    public static async Task<HttpClient> SignInNewAsync(this TestServerProcess server)
    {
        using var admin = server.NewClient(TestServer.AdminSecret);
        using var domain = await admin.PostAsJsonAsync("/.smxp/admin/domains", new { domain = "example.test" });
        Assert.Equal(HttpStatusCode.Created, domain.StatusCode);
        using var address = await admin.PostAsJsonAsync("/.smxp/admin/addresses", new { domain = "example.test", alias = "alice", password = Password });
        Assert.Equal(HttpStatusCode.Created, address.StatusCode);
        using var login = await server.Http.PostAsJsonAsync("/.smxp/auth/login", new { alias = "alice", domain = "example.test", password = Password });
        var token = (await login.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("token").GetString();
        return server.NewClient(token!);
    }

    public static HttpClient NewClient(this TestServerProcess server, string token)
    {
        var client = new HttpClient { BaseAddress = server.Http.BaseAddress };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    /// <summary>Sends text that does not compress, so that every message takes its room.</summary>
    public static Task<HttpResponseMessage> SendAsync(this HttpClient client, int seed)
    {
        var bytes = new byte[24 * 1024];
        new Random(seed).NextBytes(bytes);
        return client.PostAsJsonAsync("/.smxp/mail/send", new { to = Alice, subject = $"{seed}", body = Convert.ToBase64String(bytes) });
    }

    public static async Task<string> IdAsync(this HttpResponseMessage answer) =>
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("results")[0].GetProperty("id").GetString()!;

    /// <summary>Sends one mail of random bytes, and answers the reply that refused it or took it.</summary>
    public static async Task<string> MailAsync(int port, int seed, int kilobytes = 150)
    {
        using var connection = new System.Net.Sockets.TcpClient();
        await connection.ConnectAsync(IPAddress.Loopback, port);
        using var reader = new StreamReader(connection.GetStream());
        await using var writer = new StreamWriter(connection.GetStream()) { NewLine = "\r\n", AutoFlush = true };
        var reply = await ReadAsync(reader);
        var bytes = new byte[kilobytes * 1024];
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
