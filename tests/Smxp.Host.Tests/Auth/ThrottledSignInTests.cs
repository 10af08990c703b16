using System.Net;
using Microsoft.Extensions.Time.Testing;
using Smxp.Testing;

namespace Smxp.Host.Tests.Auth;

public class ThrottledSignInTests
{
    [Fact]
    public async Task Guessing_is_slowed_down_and_allowed_again_with_time()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var server = await TestServer.StartAsync(settings => settings.Time = time);
        using var admin = server.NewAdminClient();
        await server.AddDomainAsync("example.test");
        (await admin.PostAsync("/.smxp/admin/addresses", new { domain = "example.test", alias = "alice", password = ServerFixture.Password })).Is(HttpStatusCode.Created);

        for (int i = 0; i < 20; i++) (await LoginAsync("a wrong guess")).Is(HttpStatusCode.Unauthorized);
        var throttled = (await LoginAsync(ServerFixture.Password)).Is(HttpStatusCode.TooManyRequests);
        Assert.Equal("too many attempts, try again later", throttled.Error);
        Assert.Equal(TimeSpan.FromSeconds(30), throttled.Headers.RetryAfter!.Delta);
        (await LoginAsync("any", "somebody-else")).Is(HttpStatusCode.Unauthorized);

        time.Advance(TimeSpan.FromSeconds(30));
        (await LoginAsync(ServerFixture.Password)).Is(HttpStatusCode.OK);

        Task<Answer> LoginAsync(string password, string alias = "alice") =>
            server.Http.PostAsync("/.smxp/auth/login", new { alias, domain = "example.test", password });
    }
}
