using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using MimeKit;
using Smxp.Testing;

namespace Smxp.Bridge.Email.Tests.EndToEnd;

/// <summary>The real host with the bridge, a mail server outside that all mail goes to, and a hand that brings mail in line by line.</summary>
internal sealed class MailWorld : IAsyncDisposable
{
    private readonly int _port = FreePort.Next();

    private MailWorld()
    {
    }

    public OutsideServer Outside { get; } = new();

    public TestServer Server { get; private set; } = null!;

    /// <summary>alice@example.test.</summary>
    public HttpClient Alice { get; private set; } = null!;

    public static async Task<MailWorld> StartAsync(Action<TestServerSettings>? configure = null)
    {
        var world = new MailWorld();
        world.Server = await TestServer.StartAsync(settings =>
        {
            settings
                .With("Smxp:Bridge:Email:Enabled", "true")
                .With("Smxp:Bridge:Email:Smtp:Listen:0", $"127.0.0.1:{world._port}")
                .With("Smxp:Bridge:Email:Outbound:SmartHost", $"smtp://127.0.0.1:{world.Outside.Port}")
                .With("Smxp:Federation:FirstAttemptMilliseconds", "20000");
            configure?.Invoke(settings);
        });
        world.Alice = await world.Server.SignInNewAsync("alice@example.test");
        return world;
    }

    /// <summary>Sends by the API; answers the results.</summary>
    public static async Task<JsonArray> SendAsync(HttpClient client, object message)
    {
        using var response = await client.PostAsJsonAsync("/.smxp/mail/send", message);
        var answer = (await response.Content.ReadFromJsonAsync<JsonObject>())!;
        return answer["results"] as JsonArray ?? throw new InvalidOperationException($"Not sent: {answer}");
    }

    public static async Task<IReadOnlyList<JsonNode>> ListAsync(HttpClient client, string folder = "inbox") =>
        [.. (await client.GetFromJsonAsync<JsonObject>($"/.smxp/mail/{folder}?limit=100"))!["messages"]!.AsArray().Select(static row => row!)];

    public static async Task<JsonNode> RowAsync(HttpClient client, string id) => (await client.GetFromJsonAsync<JsonObject>($"/.smxp/mail/messages/{id}"))!["message"]!;

    /// <summary>Posts, and fails where the answer is a refusal.</summary>
    public static async Task PostAsync(HttpClient client, string path, object? body = null)
    {
        using var response = await client.PostAsJsonAsync(path, body ?? new { });
        if (!response.IsSuccessStatusCode) throw new InvalidOperationException($"{path}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
    }

    /// <summary>Has everything in the queue tried now.</summary>
    public async Task HurryAsync()
    {
        using var admin = Server.NewAdminClient();
        await PostAsync(admin, "/.smxp/admin/queue/retry");
    }

    /// <summary>How much waits in the queue.</summary>
    public async Task<int> WaitingAsync()
    {
        using var admin = Server.NewAdminClient();
        return (await admin.GetFromJsonAsync<JsonObject>("/.smxp/admin/queue"))!["entries"]!.AsArray().Count;
    }

    public Task DeliverAsync(string mail, params string[] recipients) => DeliverFromAsync("bob@mail.test", mail, recipients);

    /// <summary>Brings a mail in; its line ends may be bare.</summary>
    public async Task DeliverFromAsync(string returnPath, string mail, params string[] recipients)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _port);
        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.Latin1);
        await ExpectAsync(reader, "220");
        string text = mail.ReplaceLineEndings("\r\n").Replace("\r\n.", "\r\n..", StringComparison.Ordinal);
        (string Line, string Reply)[] lines =
        [
            ("EHLO mail.test", "250"), ($"MAIL FROM:<{returnPath}>", "250"),
            .. (recipients.Length > 0 ? recipients : ["alice@example.test"]).Select(static recipient => ($"RCPT TO:<{recipient}>", "250")),
            ("DATA", "354"), ($"{text}{(text.EndsWith("\r\n", StringComparison.Ordinal) ? "" : "\r\n")}.", "250"), ("QUIT", "221"),
        ];
        foreach (var (line, reply) in lines)
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes($"{line}\r\n"));
            await ExpectAsync(reader, reply);
        }
    }

    /// <summary>The bytes of a mail of ours, for whoever sends it back.</summary>
    public static string TextOf(MimeMessage message) => message.ToString()!;

    public async ValueTask DisposeAsync()
    {
        Alice.Dispose();
        await Server.DisposeAsync();
        await Outside.DisposeAsync();
    }

    private static async Task ExpectAsync(StreamReader reader, string code)
    {
        string line;
        do line = await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30)) ?? "421 closed";
        while (line.Length > 3 && line[3] == '-');
        if (!line.StartsWith(code, StringComparison.Ordinal)) throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"Expected {code}, heard: {line}"));
    }
}
