using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Smxp.Mail.Authentication;
using Smxp.Mail.Authentication.Dkim;
using Smxp.Testing;
using Smxp.Testing.Dns;

namespace Smxp.Bridge.Email.Tests.EndToEnd;

/// <summary>DKIM on mail out: the real host signs, the keys it shows are published in a name server, and what arrives outside verifies.</summary>
public sealed class SigningTests : IAsyncLifetime, IDisposable
{
    private readonly TestDnsServer _dns = new(new TestZone { TimeToLive = 0 });
    private readonly OutsideServer _outside = new();
    private TestServer _server = null!;
    private HttpClient _alice = null!;
    private HttpClient _admin = null!;

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync(settings => settings
            .With("Smxp:Dns:1:Driver", "system")
            .With("Smxp:Dns:1:Servers:0", _dns.Address)
            .With("Smxp:Bridge:Email:Enabled", "true")
            .With("Smxp:Bridge:Email:Smtp:Listen:0", $"127.0.0.1:{FreePort.Next()}")
            .With("Smxp:Bridge:Email:Outbound:SmartHost", $"smtp://127.0.0.1:{_outside.Port}"));
        _alice = await _server.SignInNewAsync("alice@example.test");
        _admin = _server.NewAdminClient();
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _outside.DisposeAsync();
    }

    public void Dispose() => _dns.Dispose();

    [Fact]
    public async Task What_leaves_is_signed_with_both_keys_and_verifies()
    {
        Publish(await KeysAsync());
        var verdicts = await SendAsync();
        Assert.Equal(["rsa-sha256 Pass example.test", "ed25519-sha256 Pass example.test"], verdicts.Select(static verdict => $"{verdict.Algorithm} {verdict.Result} {verdict.Domain}"));
    }

    [Fact]
    public async Task New_keys_sign_once_they_are_published_and_old_ones_stay_until_told()
    {
        var first = Publish(await KeysAsync());
        var rotated = await PostAsync("dkim/example.test/rotate");
        Assert.Equal(["signing", "waiting"], States(rotated));
        Assert.All(await SendAsync(), verdict => Assert.StartsWith(first, verdict.Selector, StringComparison.Ordinal));

        // A restart looks at DNS again, as time would have it.
        string second = Publish(rotated);
        await _server.RestartAsync();
        var verdicts = await SendAsync();
        Assert.All(verdicts, verdict => Assert.Equal((DkimResult.Pass, true), (verdict.Result, verdict.Selector.StartsWith($"{second}-", StringComparison.Ordinal))));
        Assert.Equal(["old", "signing"], States(await KeysAsync()));

        Assert.Equal(HttpStatusCode.Conflict, (await _admin.DeleteAsync(Path($"dkim/example.test/{second}"))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await _admin.DeleteAsync(Path($"dkim/example.test/{first}"))).StatusCode);
        Assert.Equal(["signing"], States(await KeysAsync()));
    }

    [Fact]
    public async Task Keys_are_shown_without_their_secrets_and_of_no_foreign_domain()
    {
        string shown = await _admin.GetStringAsync(Path("dkim/example.test"));
        Assert.Contains("v=DKIM1; k=rsa; p=", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE", shown, StringComparison.Ordinal);
        Assert.Equal(shown, await _admin.GetStringAsync(Path("dkim/EXAMPLE.test")));
        Assert.Equal(HttpStatusCode.NotFound, (await _admin.GetAsync(Path("dkim/elsewhere.test"))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _alice.GetAsync(new Uri("/.smxp/bridge/email/dkim/example.test", UriKind.Relative))).StatusCode);
    }

    [Fact]
    public async Task Every_key_is_among_the_records_that_the_domain_needs()
    {
        await PostAsync("dkim/example.test/rotate");
        var shown = (await KeysAsync())["keys"]!.AsArray().SelectMany(static keys => keys!["records"]!.AsArray()).Select(static record => $"{record!["name"]} {record["value"]}");
        var wanted = (await _admin.GetFromJsonAsync<JsonObject>(Path("dns/example.test")))!["records"]!.AsArray().Where(static record => ((string)record!["purpose"]!).StartsWith("dkim", StringComparison.Ordinal)).ToArray();
        Assert.Equal(shown, wanted.Select(static record => $"{record!["name"]} {record["value"]}"));
        // The first keys sign, published or not; the next ones wait for their records.
        Assert.Equal(["dkim", "dkim", "dkim-next", "dkim-next"], wanted.Select(static record => (string?)record!["purpose"]));
    }

    [Fact]
    public async Task The_command_line_shows_records_as_a_zone_file_has_them_and_rotates()
    {
        var (code, output, error) = await RunAsync("show", "example.test");
        Assert.Equal((0, ""), (code, error));
        var record = (await KeysAsync())["keys"]![0]!["records"]![0]!;
        string[] strings = [.. record["strings"]!.AsArray().Select(static text => (string)text!)];
        Assert.Contains($"\n{(string)record["name"]!}. IN TXT \"{string.Join("\" \"", strings)}\" ; not found in DNS", output, StringComparison.Ordinal);
        Assert.All(strings, static text => Assert.InRange(text.Length, 1, 255));

        (code, output, _) = await RunAsync("rotate", "example.test", "--json");
        Assert.Equal((0, 2), (code, JsonNode.Parse(output)!["keys"]!.AsArray().Count));
        (code, _, error) = await RunAsync("retire", "example.test", "none");
        Assert.Equal((1, "The server refused: no such keys."), (code, error.Trim()));
    }

    private Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] command) =>
        TestServerProcess.RunAsync(["bridge", "dkim", .. command, "--server", _server.BaseAddress.ToString(), "--admin-secret", TestServer.AdminSecret]);

    private static Uri Path(string path) => new($"/.smxp/admin/bridge/email/{path}", UriKind.Relative);

    private async Task<JsonObject> KeysAsync() => (await _admin.GetFromJsonAsync<JsonObject>(Path("dkim/example.test")))!;

    private async Task<JsonObject> PostAsync(string path) => (await (await _admin.PostAsync(Path(path), null)).Content.ReadFromJsonAsync<JsonObject>())!;

    private static IEnumerable<string?> States(JsonObject shown) => shown["keys"]!.AsArray().Select(static keys => (string?)keys!["state"]);

    // Publishes the newest keys as they are shown, and answers their name.
    private string Publish(JsonObject shown)
    {
        var newest = shown["keys"]!.AsArray()[^1]!;
        foreach (var record in newest["records"]!.AsArray()) _dns.Zone.Text((string)record!["name"]!, [.. record["strings"]!.AsArray().Select(static text => (string)text!)]);
        return (string)newest["name"]!;
    }

    private async Task<IReadOnlyList<DkimVerdict>> SendAsync()
    {
        await _alice.PostAsJsonAsync("/.smxp/mail/send", new { to = "bob@mail.test", subject = "Signed", body = "A line.\nAnother, with ü.\n" });
        var mail = await _outside.NextAsync();
        var authenticator = new MailAuthenticator(new ZoneDns(_dns.Zone), new AuthenticationOptions { AuthservId = "outside.test" }, TimeProvider.System);
        var found = await authenticator.EvaluateAsync(
            new AuthenticationRequest { Client = IPAddress.Loopback, Helo = "localhost", MailFrom = mail.Sender, HeaderFrom = ["alice@example.test"], OpenMessage = _ => new ValueTask<Stream>(new MemoryStream(mail.Bytes)) },
            CancellationToken.None);
        return found.Dkim;
    }
}
