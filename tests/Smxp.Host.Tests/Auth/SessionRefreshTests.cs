using System.Net;
using Microsoft.Extensions.Time.Testing;
using Smxp.Host.Auth;
using Smxp.Testing;

namespace Smxp.Host.Tests.Auth;

public class SessionRefreshTests
{
    [Fact]
    public async Task A_session_near_its_end_is_offered_a_new_token_now_and_then()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var server = await TestServer.StartAsync(settings => settings.Time = time);
        using var client = await server.SignInNewAsync("alice@example.test");

        Assert.Null(await OfferedAsync());
        time.Advance(TimeSpan.FromDays(5.5));
        string? offered = await OfferedAsync();
        Assert.StartsWith("smxp_ses_", offered, StringComparison.Ordinal);
        Assert.Null(await OfferedAsync());
        time.Advance(TimeSpan.FromHours(6));
        Assert.NotNull(await OfferedAsync());

        time.Advance(TimeSpan.FromDays(1.5));
        (await client.AskAsync("/.smxp/account/info")).Refuses(HttpStatusCode.Unauthorized, "unauthorized");
        using var refreshed = server.NewClient(offered);
        (await refreshed.AskAsync("/.smxp/account/info")).Is(HttpStatusCode.OK);

        async Task<string?> OfferedAsync()
        {
            var answer = (await client.AskAsync("/.smxp/account/info")).Is(HttpStatusCode.OK);
            return answer.Headers.TryGetValues(SessionRefresh.Header, out var values) ? values.Single() : null;
        }
    }

    [Fact]
    public async Task An_api_key_is_never_refreshed()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var server = await TestServer.StartAsync(settings => settings.Time = time);
        using var client = await server.SignInNewAsync("alice@example.test");
        long end = time.GetUtcNow().AddDays(1).ToUnixTimeSeconds();
        using var program = server.NewClient((await client.PostAsync("/.smxp/auth/apikeys", new { expires_at = end })).Text("token"));

        Assert.False((await program.AskAsync("/.smxp/account/info")).Is(HttpStatusCode.OK).Headers.Contains(SessionRefresh.Header));
        time.Advance(TimeSpan.FromDays(1));
        (await program.AskAsync("/.smxp/account/info")).Is(HttpStatusCode.Unauthorized);
    }
}
