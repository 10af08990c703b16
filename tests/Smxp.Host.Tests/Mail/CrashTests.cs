using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using Smxp.Testing;

namespace Smxp.Host.Tests.Mail;

/// <summary>What was acknowledged before a crash is there after it, once; and what was to leave still leaves. With the real process, killed as <c>kill -9</c> kills.</summary>
public sealed class CrashTests : IAsyncLifetime, IDisposable
{
    private const int Enough = 100;
    private readonly TemporaryDirectory _data = new();
    private readonly ConcurrentBag<string> _toBob = [], _toAlice = [];
    private TestServer _peer = null!;
    private TestServerSettings _settings = null!;
    private TestServerProcess? _process;

    public async Task InitializeAsync()
    {
        int port = FreePort.Next();
        _peer = await TestServer.StartAsync(settings => settings.Hosts["example.test"] = $"http://127.0.0.1:{port}");
        _settings = new TestServerSettings { Port = port, DataDirectory = _data.Path };
        _settings.With("Smxp:Federation:FirstAttemptMilliseconds", "200").Hosts["peer.test"] = $"http://127.0.0.1:{_peer.Port}";
        _process = await TestServerProcess.StartAsync(_settings);
    }

    public async Task DisposeAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
        await _peer.DisposeAsync();
    }

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task Loses_nothing_that_was_acknowledged_and_tells_nothing_twice()
    {
        using MailClient alice = await MailClient.NewAsync(_peer, "alice@peer.test");
        (string bob, string carol) = (await NewAccountAsync("bob"), await NewAccountAsync("carol"));
        using MailClient carolHere = new(NewClient(carol), "carol@example.test");

        using var stop = new CancellationTokenSource();
        Task[] writers =
        [
            .. Enumerable.Range(0, 4).Select(i => WriteAsync(carolHere, "bob@example.test", _toBob, stop.Token)),
            .. Enumerable.Range(0, 2).Select(i => WriteAsync(alice, "bob@example.test", _toBob, stop.Token)),
            .. Enumerable.Range(0, 2).Select(i => WriteAsync(carolHere, "alice@peer.test", _toAlice, stop.Token)),
        ];
        await Eventually.TrueAsync(() => _toBob.Count >= Enough && _toAlice.Count >= Enough / 5, TimeSpan.FromSeconds(60));
        await _process!.KillAsync();
        await stop.CancelAsync();
        await Task.WhenAll(writers);
        await _process.DisposeAsync();
        _process = null;

        _process = await TestServerProcess.StartAsync(_settings);
        using MailClient bobHere = new(NewClient(bob), "bob@example.test");
        await HasAllOnceAsync(bobHere, _toBob);
        await HasAllOnceAsync(alice, _toAlice);
    }

    private static async Task HasAllOnceAsync(MailClient mailbox, IReadOnlyCollection<string> acknowledged)
    {
        // What its server acknowledged to its author may still be on its way from there.
        List<string> ids = [];
        await Eventually.TrueAsync(async () => acknowledged.Except(ids = await IdsAsync(mailbox)).ToArray() is { Length: 0 }, TimeSpan.FromSeconds(60), $"{mailbox.Address} has what was acknowledged");
        Assert.Equal(ids.Count, ids.Distinct().Count());
    }

    private static async Task<List<string>> IdsAsync(MailClient mailbox)
    {
        List<string> ids = [];
        for (string after = ""; ;)
        {
            JsonElement page = await mailbox.GetAsync("/.smxp/mail/inbox?limit=100" + after);
            ids.AddRange(page.GetProperty("messages").EnumerateArray().Select(static row => row.Text("id")!));
            if (!page.GetProperty("cursors").GetProperty("has_more").GetBoolean()) return ids;
            after = "&after=" + page.GetProperty("cursors").Text("after");
        }
    }

    private static async Task WriteAsync(MailClient from, string to, ConcurrentBag<string> acknowledged, CancellationToken stop)
    {
        for (int i = 0; !stop.IsCancellationRequested; i++)
        {
            try
            {
                using HttpResponseMessage response = await from.Http.PostAsJsonAsync("/.smxp/mail/send", new { to, body = $"message {i} {Guid.NewGuid()}" }, CancellationToken.None);
                if (!response.IsSuccessStatusCode) continue;
                JsonElement result = (await response.Content.ReadFromJsonAsync<JsonElement>(CancellationToken.None)).GetProperty("results")[0];
                if (result.Text("status") != "failed") acknowledged.Add(result.Text("id")!);
            }
            catch (Exception gone) when (gone is HttpRequestException or IOException)
            {
                // The crash; what was not acknowledged promises nothing.
                return;
            }
        }
    }

    private async Task<string> NewAccountAsync(string alias)
    {
        const string Password = "correct horse battery";
        using HttpClient admin = NewClient(TestServer.AdminSecret);
        await admin.PostAsJsonAsync("/.smxp/admin/domains", new { domain = "example.test" });
        using HttpResponseMessage added = await admin.PostAsJsonAsync("/.smxp/admin/addresses", new { domain = "example.test", alias, password = Password });
        added.EnsureSuccessStatusCode();
        using HttpResponseMessage signedIn = await admin.PostAsJsonAsync("/.smxp/auth/login", new { alias, domain = "example.test", password = Password });
        return (await signedIn.Content.ReadFromJsonAsync<JsonElement>()).Text("token")!;
    }

    private HttpClient NewClient(string token)
    {
        var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_settings.Port}") };
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return client;
    }
}
