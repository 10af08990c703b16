using System.Net.Http.Json;
using System.Text.Json;

namespace Smxp.Benchmarks;

/// <summary>Whether a request costs more in a large mailbox than in a small one: medians of one request at a time, in the same mailbox at two sizes.</summary>
internal static class Mailbox
{
    private const int Small = 1_000;
    private const int Large = 100_000;
    private const int Times = 100;

    public static async Task RunAsync(Bench bench, CancellationToken cancellationToken)
    {
        await using var host = await bench.StartHostAsync(cancellationToken);
        var tokens = await host.AddInboxesAsync(["alice@example.test", "bob@example.test"], cancellationToken);
        using var alice = new ApiLoad(host, tokens[0], bench.Options.Connections);
        using var bob = new ApiLoad(host, tokens[1], bench.Options.Connections);

        await FillAsync(alice, 0, Small, bench.Options.Connections, cancellationToken);
        var small = await MeasureAsync(host, alice, bob, tokens[1], cancellationToken);
        await FillAsync(alice, Small, Large, bench.Options.Connections, cancellationToken);
        var large = await MeasureAsync(host, alice, bob, tokens[1], cancellationToken);

        var report = new Report("request", $"at {Small:#,0}", $"at {Large:#,0}", "ratio");
        foreach (var (name, time) in small) report.Row(name, Report.Milliseconds(time), Report.Milliseconds(large[name]), Report.Number(large[name] / time));
        report.Print();
    }

    private static Task FillAsync(ApiLoad alice, int from, int to, int connections, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(Enumerable.Range(from, to - from), new ParallelOptions { MaxDegreeOfParallelism = connections, CancellationToken = cancellationToken },
            async (n, cancel) => await alice.SendAsync(ApiLoad.Message("bob@example.test", $"conversation-{n / 10}"), cancel));

    private static async Task<Dictionary<string, TimeSpan>> MeasureAsync(BenchHost host, ApiLoad alice, ApiLoad bob, string bobsToken, CancellationToken cancellationToken)
    {
        string newest = await NewestAsync(host, bobsToken, cancellationToken);
        var requests = new Dictionary<string, Func<CancellationToken, Task>>
        {
            ["inbox"] = cancel => bob.GetAsync("/.smxp/mail/inbox", cancel),
            ["unread"] = cancel => bob.GetAsync("/.smxp/mail/unread", cancel),
            ["message"] = cancel => bob.GetAsync($"/.smxp/mail/messages/{newest}", cancel),
            ["thread"] = cancel => bob.GetAsync($"/.smxp/mail/threads/{newest}", cancel),
            ["search"] = cancel => bob.GetAsync("/.smxp/mail/search?q=benchmark", cancel),
            ["conversations"] = cancel => bob.GetAsync("/.smxp/mail/conversations", cancel),
            ["send"] = cancel => alice.SendAsync(ApiLoad.Message("bob@example.test"), cancel),
        };
        var measured = new Dictionary<string, TimeSpan>();
        foreach (var (name, request) in requests) measured[name] = await Load.MedianAsync(Times, request, cancellationToken);
        return measured;
    }

    private static async Task<string> NewestAsync(BenchHost host, string token, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { DefaultRequestHeaders = { Authorization = new("Bearer", token) } };
        var page = await http.GetFromJsonAsync<JsonElement>(new Uri(host.Address, "/.smxp/mail/inbox?limit=1"), cancellationToken);
        return page.GetProperty("messages")[0].GetProperty("id").GetString()!;
    }
}
