using System.Net;
using System.Net.Http.Json;
using Smxp.Testing;

namespace Smxp.Host.Tests.Telemetry;

/// <summary>What the server knows of itself, pushed to a collector.</summary>
public sealed class OtlpTests
{
    private const string Metrics = "MetricsService/Export";
    private const string Traces = "TraceService/Export";

    [Fact]
    public async Task A_collector_gets_metrics_and_traces_and_no_secrets()
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using (var server = await TestServer.StartAsync(settings => settings.With("Smxp:Telemetry:OtlpEndpoint", $"http://127.0.0.1:{collector.Port}")))
        {
            using var alice = await server.SignInNewAsync("alice@example.test");
            using var sent = await alice.PostAsJsonAsync("/.smxp/mail/send", new { to = "alice@example.test", body = "for my eyes only" });
            Assert.Equal(HttpStatusCode.Created, sent.StatusCode);
            string token = alice.DefaultRequestHeaders.Authorization!.Parameter!;
            using (var stream = await server.Http.GetAsync($"/.smxp/stream?token={token}", HttpCompletionOption.ResponseHeadersRead)) Assert.Equal(HttpStatusCode.OK, stream.StatusCode);

            // What is not pushed yet goes out when the server stops.
            await server.StopAsync();
            foreach (string secret in new[] { "for my eyes only", token }) Assert.DoesNotContain(collector.Pushed, push => push.Text.Contains(secret, StringComparison.Ordinal));
        }

        string metrics = collector.TextOf(Metrics), traces = collector.TextOf(Traces);
        foreach (string name in new[] { "smxp.sent", "http.server.request.duration", "service.name" }) Assert.Contains(name, metrics, StringComparison.Ordinal);
        Assert.Contains("/.smxp/mail/send", traces, StringComparison.Ordinal);
        Assert.Contains("service.name", traces, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_collector_that_is_away_stops_nothing()
    {
        await using var server = await TestServer.StartAsync(settings => settings.With("Smxp:Telemetry:OtlpEndpoint", $"http://127.0.0.1:{FreePort.Next()}"));
        using var health = await server.Http.GetAsync("/.smxp/health");
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
    }
}
