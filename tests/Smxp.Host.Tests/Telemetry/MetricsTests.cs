using System.Net;
using Smxp.Testing;

namespace Smxp.Host.Tests.Telemetry;

public sealed class MetricsTests
{
    [Fact]
    public async Task On_the_main_listener_metrics_need_the_admin_secret()
    {
        await using var server = await TestServer.StartAsync();
        using (var stranger = await server.Http.GetAsync("/metrics")) Assert.Equal(HttpStatusCode.Unauthorized, stranger.StatusCode);
        using var admin = server.NewAdminClient();
        Assert.Contains("http_server_request_duration", await admin.GetStringAsync("/metrics"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_a_listener_of_their_own_they_need_none_and_nothing_else_is_there()
    {
        var port = FreePort.Next();
        await using var server = await TestServer.StartAsync(settings => settings.With("Smxp:Telemetry:MetricsListen", $"127.0.0.1:{port}"));
        using var metrics = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        Assert.Contains("dotnet_", await metrics.GetStringAsync("/metrics"), StringComparison.Ordinal);
        using (var elsewhere = await metrics.GetAsync("/.smxp/health")) Assert.Equal(HttpStatusCode.NotFound, elsewhere.StatusCode);
        using var admin = server.NewAdminClient();
        using (var main = await admin.GetAsync("/metrics")) Assert.Equal(HttpStatusCode.NotFound, main.StatusCode);

        using var disguised = new HttpRequestMessage(HttpMethod.Get, "/metrics") { Headers = { Host = $"127.0.0.1:{port}" } };
        using (var forged = await server.Http.SendAsync(disguised)) Assert.Equal(HttpStatusCode.NotFound, forged.StatusCode);
    }
}
