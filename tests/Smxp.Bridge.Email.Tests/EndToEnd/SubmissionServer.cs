using System.Net;
using System.Net.Http.Json;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using Smxp.Testing;

namespace Smxp.Bridge.Email.Tests.EndToEnd;

/// <summary>A server whose people send from mail programs over TLS, and somebody else's mail server that gets what leaves as email.</summary>
internal sealed class SubmissionServer : IAsyncDisposable
{
    public const string Password = "correct horse battery staple";

    private readonly TemporaryDirectory _files = new();
    private readonly PrivateAuthority _authority = new();
    private readonly int _port = FreePort.Next();

    private SubmissionServer()
    {
    }

    public TestServer Server { get; private set; } = null!;

    /// <summary>Everybody else's mail server.</summary>
    public OutsideServer Outside { get; } = new();

    /// <summary>Where mail servers come.</summary>
    public int RelayPort { get; } = FreePort.Next();

    public static async Task<SubmissionServer> StartAsync(Action<TestServerSettings>? configure = null, params string[] people)
    {
        var server = new SubmissionServer();
        server._authority.Issue("gw.example.test", server._files["cert.pem"], server._files["key.pem"]);
        server.Server = await TestServer.StartAsync(settings =>
        {
            settings
                .With("Smxp:Bridge:Email:Enabled", "true")
                .With("Smxp:Bridge:Email:HostName", "gw.example.test")
                .With("Smxp:Bridge:Email:Smtp:Listen:0", $"127.0.0.1:{server.RelayPort}")
                .With("Smxp:Bridge:Email:Smtp:CertificateFile", server._files["cert.pem"])
                .With("Smxp:Bridge:Email:Smtp:CertificateKeyFile", server._files["key.pem"])
                .With("Smxp:Bridge:Email:Submission:ImplicitTlsListen:0", $"127.0.0.1:{server._port}")
                .With("Smxp:Bridge:Email:Outbound:SmartHost", $"smtp://127.0.0.1:{server.Outside.Port}");
            configure?.Invoke(settings);
        });
        await server.Server.AddDomainAsync("example.test");
        using var admin = server.Server.NewAdminClient();
        foreach (string person in people)
            (await admin.PostAsJsonAsync("/.smxp/admin/addresses", new { domain = "example.test", alias = person, password = Password })).EnsureSuccessStatusCode();
        return server;
    }

    /// <summary>A mail program in which somebody signed in.</summary>
    public async Task<SmtpClient> SignInAsync(string address, SmtpClient? client = null)
    {
        client ??= new SmtpClient();
        client.ServerCertificateValidationCallback = static (_, certificate, _, _) => certificate?.Subject == "CN=gw.example.test";
        await client.ConnectAsync("127.0.0.1", _port, SecureSocketOptions.SslOnConnect);
        await client.AuthenticateAsync(address, Password);
        return client;
    }

    /// <summary>Sends one mail in a session of its own.</summary>
    public async Task SendAsync(string address, MimeMessage mail, SmtpClient? program = null)
    {
        using var client = await SignInAsync(address, program);
        await client.SendAsync(mail);
        await client.DisconnectAsync(true);
    }

    /// <summary>Says exactly these lines once signed in, as a script does, and answers the reply to each; DATA's line is a whole mail.</summary>
    public async Task<IReadOnlyList<string>> TalkAsync(string address, params string[] lines)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _port);
        await using var tls = new SslStream(client.GetStream(), false, static (_, certificate, _, _) => certificate?.Subject == "CN=gw.example.test");
        await tls.AuthenticateAsClientAsync("gw.example.test");
        using var reader = new StreamReader(tls, Encoding.Latin1);
        await ReplyAsync(reader);
        List<string> replies = [];
        string credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{address}\0{Password}"));
        foreach (string line in new[] { "EHLO laptop.test", $"AUTH PLAIN {credentials}" }.Concat(lines))
        {
            await tls.WriteAsync(Encoding.Latin1.GetBytes($"{line}\r\n"));
            replies.Add(await ReplyAsync(reader));
        }

        return replies[2..];
    }

    private static async Task<string> ReplyAsync(StreamReader reader)
    {
        string line;
        do line = await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30)) ?? "421 closed";
        while (line.Length > 3 && line[3] == '-');
        return line;
    }

    /// <summary>A client of the API.</summary>
    public async Task<HttpClient> OpenAsync(string address)
    {
        string token = await Server.NewTokenAsync(address);
        return Server.NewClient(token);
    }

    public static async Task<JsonArray> RowsAsync(HttpClient client, string folder) => (await client.GetFromJsonAsync<JsonObject>($"/.smxp/mail/{folder}"))!["messages"]!.AsArray();

    public static Task<string> OriginalAsync(HttpClient client, JsonNode row) => client.GetStringAsync($"/.smxp/bridge/email/messages/{(string?)row["id"]}/original");

    public static MimeMessage Mail(string from, params string[] to)
    {
        var mail = new MimeMessage([MailboxAddress.Parse(from)], to.Select(MailboxAddress.Parse), "Lunch", new TextPart("plain") { Text = "Are you free?" });
        mail.MessageId = $"{Guid.NewGuid():N}@laptop.test";
        return mail;
    }

    public async ValueTask DisposeAsync()
    {
        if (Server is not null) await Server.DisposeAsync();
        await Outside.DisposeAsync();
        _authority.Dispose();
        _files.Dispose();
    }

    /// <summary>A mail program that asks to be told, of all recipients.</summary>
    public sealed class AskingClient(DeliveryStatusNotification? wishes, string? envelopeId = null) : SmtpClient
    {
        protected override DeliveryStatusNotification? GetDeliveryStatusNotifications(MimeMessage message, MailboxAddress mailbox) => wishes;

        protected override string GetEnvelopeId(MimeMessage message) => envelopeId ?? "";
    }
}
