using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Smxp.Host.Delegations;
using Smxp.Protocol;
using Smxp.Testing;

namespace Smxp.Host.Tests.Delegations;

public class DelegationTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private const string Path = "/.smxp/delegations";

    [Fact]
    public async Task Is_given_listed_on_both_sides_and_taken_back()
    {
        using var owner = await fixture.Server.SignInNewAsync("anna@example.test");
        using var assistant = await fixture.Server.SignInNewAsync("berta@example.test");
        var given = (await owner.PostAsync(Path, new { @delegate = "Berta@Example.test" })).Is(HttpStatusCode.Created)["delegation"];
        Assert.Equal("berta@example.test", given.GetProperty("delegate").GetString());
        Assert.Equal(("example.test", "anna", "send"), (given.GetProperty("domain").GetString(), given.GetProperty("alias").GetString(), given.GetProperty("scope").GetString()));
        string id = given.GetProperty("id").GetString()!;

        Assert.Equal(id, Assert.Single((await owner.AskAsync(Path))["delegations"].EnumerateArray()).GetProperty("id").GetString());
        Assert.Equal(id, Assert.Single((await assistant.AskAsync($"{Path}/granted"))["delegations"].EnumerateArray()).GetProperty("id").GetString());
        Assert.Empty((await assistant.AskAsync(Path))["delegations"].EnumerateArray());

        (await assistant.RemoveAsync($"{Path}/{id}")).Refuses(HttpStatusCode.NotFound, "delegation not found");
        Assert.Equal("deleted", (await owner.RemoveAsync($"{Path}/{id}")).Text("status"));
        Assert.Empty((await assistant.AskAsync($"{Path}/granted"))["delegations"].EnumerateArray());
    }

    [Fact]
    public async Task Malformed_ones_are_refused()
    {
        using var owner = await fixture.Server.SignInNewAsync("carla@example.test");
        (await owner.PostAsync(Path, new { @delegate = "nobody" })).Refuses(HttpStatusCode.BadRequest, "invalid delegate address format");
        (await owner.PostAsync(Path, new { })).Is(HttpStatusCode.BadRequest);
        (await owner.PostAsync(Path, new { @delegate = "carla@example.test" })).Is(HttpStatusCode.BadRequest);
        (await owner.PostAsync(Path, new { @delegate = "bob@peer.test", scope = "everything" })).Refuses(HttpStatusCode.BadRequest, "scope must be send, read or manage");
        (await owner.PostAsync(Path, new { @delegate = "bob@peer.test", expires_at = 1 })).Refuses(HttpStatusCode.BadRequest, "expires_at is in the past");
    }

    [Theory]
    [InlineData("send", true, false, false)]
    [InlineData("read", false, true, false)]
    [InlineData("manage", true, true, true)]
    public async Task Allows_what_its_scope_says(string scope, bool send, bool read, bool manage)
    {
        string name = $"doris-{scope}@example.test";
        using var owner = await fixture.Server.SignInNewAsync(name);
        (await owner.PostAsync(Path, new { @delegate = "bob@peer.test", scope })).Is(HttpStatusCode.Created);
        var policy = fixture.Server.Services.GetRequiredService<DelegationPolicy>();
        var (from, bob) = (Address.Parse(name), Address.Parse("bob@peer.test"));
        Assert.Equal(
            (send, read, manage),
            (await policy.AllowsAsync(from, bob, "send", default), await policy.AllowsAsync(from, bob, "read", default), await policy.AllowsAsync(from, bob, "manage", default)));
    }

    [Fact]
    public async Task The_newest_counts_and_revocation_holds_at_once()
    {
        using var owner = await fixture.Server.SignInNewAsync("emma@example.test");
        var policy = fixture.Server.Services.GetRequiredService<DelegationPolicy>();
        var (emma, bob) = (Address.Parse("emma@example.test"), Address.Parse("bob@peer.test"));
        Assert.False(await policy.AllowsAsync(emma, bob, "send", default));
        Assert.True(await policy.AllowsAsync(emma, emma, "manage", default));

        await owner.PostAsync(Path, new { @delegate = "bob@peer.test", scope = "manage" });
        string newer = (await owner.PostAsync(Path, new { @delegate = "bob@peer.test", scope = "read" }))["delegation"].GetProperty("id").GetString()!;
        Assert.False(await policy.AllowsAsync(emma, bob, "send", default));
        await owner.RemoveAsync($"{Path}/{newer}");
        Assert.True(await policy.AllowsAsync(emma, bob, "send", default));
        Assert.False(await policy.AllowsAsync(bob, emma, "send", default));
    }

    [Fact]
    public async Task Ends_when_it_expires()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var server = await TestServer.StartAsync(settings => settings.Time = time);
        using var owner = await server.SignInNewAsync("alice@example.test");
        long end = time.GetUtcNow().AddHours(1).ToUnixTimeSeconds();
        (await owner.PostAsync(Path, new { @delegate = "bob@peer.test", expires_at = end })).Is(HttpStatusCode.Created);
        var policy = server.Services.GetRequiredService<DelegationPolicy>();
        var (alice, bob) = (Address.Parse("alice@example.test"), Address.Parse("bob@peer.test"));

        Assert.True(await policy.AllowsAsync(alice, bob, "send", default));
        time.Advance(TimeSpan.FromHours(1));
        Assert.False(await policy.AllowsAsync(alice, bob, "send", default));
    }
}
