using System.Net;
using Smxp.Testing;

namespace Smxp.Host.Tests.Admin;

public class AdminAccessTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    [Theory]
    [InlineData("Authorization", "Bearer " + TestServer.AdminSecret, HttpStatusCode.OK)]
    [InlineData("Authorization", "bearer " + TestServer.AdminSecret, HttpStatusCode.OK)]
    [InlineData("X-Admin-Api-Key", TestServer.AdminSecret, HttpStatusCode.OK)]
    [InlineData("Authorization", "Bearer " + TestServer.AdminSecret + "x", HttpStatusCode.Unauthorized)]
    [InlineData("Authorization", "Bearer ", HttpStatusCode.Unauthorized)]
    [InlineData("Authorization", TestServer.AdminSecret, HttpStatusCode.Unauthorized)]
    [InlineData("X-Admin-Api-Key", "", HttpStatusCode.Unauthorized)]
    [InlineData("X-Nothing", "", HttpStatusCode.Unauthorized)]
    public async Task Needs_the_secret(string header, string value, HttpStatusCode expected)
    {
        using var client = fixture.Server.NewClient();
        client.DefaultRequestHeaders.TryAddWithoutValidation(header, value);
        (await client.AskAsync("/.smxp/admin/domains")).Is(expected);
    }

    [Theory]
    [InlineData("GET", "/.smxp/admin/domains")]
    [InlineData("POST", "/.smxp/admin/domains")]
    [InlineData("DELETE", "/.smxp/admin/domains/example.test")]
    [InlineData("POST", "/.smxp/admin/domains/example.test/verify")]
    [InlineData("POST", "/.smxp/admin/domains/example.test/keys/rotate")]
    [InlineData("GET", "/.smxp/admin/addresses")]
    [InlineData("POST", "/.smxp/admin/addresses")]
    [InlineData("DELETE", "/.smxp/admin/addresses/example.test/alice")]
    [InlineData("GET", "/.smxp/admin/routes/example.test")]
    [InlineData("POST", "/.smxp/admin/routes")]
    [InlineData("PUT", "/.smxp/admin/routes/1")]
    [InlineData("DELETE", "/.smxp/admin/routes/1")]
    public async Task No_route_is_open_to_others_not_even_to_those_who_are_signed_in(string method, string path)
    {
        using var client = fixture.Server.NewClient(await fixture.Server.NewTokenAsync("alice@example.test"));
        (await client.AskAsync(new HttpMethod(method), path)).Refuses(HttpStatusCode.Unauthorized, "unauthorized");
    }

    [Fact]
    public async Task Is_switched_off_while_no_secret_is_set()
    {
        await using var server = await TestServer.StartAsync(settings => settings.With("Smxp:AdminSecret", ""));
        using var client = server.NewClient();
        (await client.AskAsync("/.smxp/admin/domains")).Refuses(HttpStatusCode.ServiceUnavailable, "admin API key is not configured");
        client.DefaultRequestHeaders.TryAddWithoutValidation("X-Admin-Api-Key", "");
        (await client.AskAsync("/.smxp/admin/domains")).Is(HttpStatusCode.ServiceUnavailable);
    }
}
