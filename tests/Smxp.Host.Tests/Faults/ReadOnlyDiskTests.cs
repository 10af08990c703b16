using System.Net;
using Smxp.Testing;

namespace Smxp.Host.Tests.Faults;

/// <summary>The real process, whose disk stops taking writes while it runs: it refuses for the time being, answers what it can read, and loses nothing it acknowledged.</summary>
public sealed class ReadOnlyDiskTests
{
    [FaultyDiskFact]
    public async Task Writes_are_refused_with_503_and_451_until_the_disk_takes_them_again()
    {
        using var disk = new FaultyDisk(64);
        int port = FreePort.Next();
        await using var server = await TestServerProcess.StartAsync(Settings(disk, port));
        using var alice = await server.SignInNewAsync();
        var acknowledged = await SendAsync(alice, 0, 5);
        Assert.StartsWith("250", await ProcessMail.MailAsync(port, 1), StringComparison.Ordinal);

        disk.RefuseWrites();
        for (int i = 0; i < 3; i++)
        {
            using var refused = await alice.SendAsync(100 + i);
            Assert.Equal((HttpStatusCode.ServiceUnavailable, """{"error":"temporarily unavailable, try again later"}"""), (refused.StatusCode, await refused.Content.ReadAsStringAsync()));
            Assert.Matches("^45[12] ", await ProcessMail.MailAsync(port, 100 + i));
        }

        await AssertAllThereAsync(alice, acknowledged);

        disk.AllowWrites();
        await Eventually.TrueAsync(async () =>
        {
            using var answer = await alice.SendAsync(1000);
            if (answer.StatusCode != HttpStatusCode.Created) return false;
            acknowledged.Add(await answer.IdAsync());
            return true;
        });
        await Eventually.TrueAsync(async () => (await ProcessMail.MailAsync(port, 1000)).StartsWith("250", StringComparison.Ordinal));
        await AssertAllThereAsync(alice, acknowledged);

        // And after a crash: what was acknowledged before, during and after was on the disk, not in memory.
        await server.KillAsync();
        await using var again = await TestServerProcess.StartAsync(Settings(disk, port));
        using var aliceAgain = again.NewClient(alice.DefaultRequestHeaders.Authorization!.Parameter!);
        await AssertAllThereAsync(aliceAgain, acknowledged);
    }

    [FaultyDiskFact]
    public async Task A_disk_that_turned_read_only_for_good_costs_nothing_acknowledged()
    {
        using var disk = new FaultyDisk(64);
        int port = FreePort.Next();
        List<string> acknowledged;
        string token;
        await using (var server = await TestServerProcess.StartAsync(Settings(disk, port)))
        {
            using var alice = await server.SignInNewAsync();
            token = alice.DefaultRequestHeaders.Authorization!.Parameter!;
            acknowledged = await SendAsync(alice, 0, 5);
            disk.Break();
            // Refused, or nobody there any more: SQLite shares its index in mapped memory, and the kernel may end a process that can no longer write to it.
            Assert.Contains(await StatusAsync(() => alice.SendAsync(100)), new HttpStatusCode?[] { HttpStatusCode.ServiceUnavailable, null });
            Assert.Contains(await StatusAsync(() => server.Http.GetAsync("/.smxp/health")), new HttpStatusCode?[] { HttpStatusCode.ServiceUnavailable, null });
        }

        disk.Mend();
        await using var mended = await TestServerProcess.StartAsync(Settings(disk, port));
        using var again = mended.NewClient(token);
        await AssertAllThereAsync(again, acknowledged);
        using var sent = await again.SendAsync(1000);
        Assert.Equal(HttpStatusCode.Created, sent.StatusCode);
    }

    /// <summary>The answer's status; null where there is no answer.</summary>
    private static async Task<HttpStatusCode?> StatusAsync(Func<Task<HttpResponseMessage>> ask)
    {
        try
        {
            using var answer = await ask();
            return answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private static TestServerSettings Settings(FaultyDisk disk, int port)
    {
        var settings = new TestServerSettings { DataDirectory = Path.Combine(disk.Path, "data") };
        Directory.CreateDirectory(settings.DataDirectory);
        // A small disk has less room than mail is put off for.
        return settings.With("Smxp:Bridge:Email:Enabled", "true").With("Smxp:Bridge:Email:Smtp:MinFreeBytes", "0").With("Smxp:Bridge:Email:Smtp:Listen:0", $"127.0.0.1:{port}");
    }

    private static async Task<List<string>> SendAsync(HttpClient client, int first, int count)
    {
        var ids = new List<string>();
        for (int i = first; i < first + count; i++)
        {
            using var answer = await client.SendAsync(i);
            Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
            ids.Add(await answer.IdAsync());
        }

        return ids;
    }

    private static async Task AssertAllThereAsync(HttpClient client, List<string> ids)
    {
        foreach (string id in ids)
        {
            using var found = await client.GetAsync($"/.smxp/mail/messages/{id}");
            Assert.Equal(HttpStatusCode.OK, found.StatusCode);
        }
    }
}
