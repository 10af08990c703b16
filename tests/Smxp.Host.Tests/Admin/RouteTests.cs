using System.Net;

namespace Smxp.Host.Tests.Admin;

public sealed class RouteTests(ServerFixture fixture) : IClassFixture<ServerFixture>, IDisposable
{
    private const string Path = "/.smxp/admin/routes";
    private const string Domain = "example.test";
    private readonly HttpClient _admin = fixture.Server.NewAdminClient();

    public void Dispose() => _admin.Dispose();

    [Fact]
    public async Task Is_added_changed_listed_and_removed()
    {
        var route = (await _admin.PostAsync(Path, new { domain = Domain, pattern = "Sales-*", target_address = "Bob@Peer.test" })).Is(HttpStatusCode.Created)["route"];
        string id = route.GetProperty("id").GetString()!;
        Assert.Equal(("sales-*", "bob@peer.test", 0, 1), (route.GetProperty("pattern").GetString(), route.GetProperty("target_address").GetString(), route.GetProperty("priority").GetInt32(), route.GetProperty("enabled").GetInt32()));

        var changed = (await _admin.PutAsync($"{Path}/{id}", new { priority = 5, enabled = false })).Is(HttpStatusCode.OK)["route"];
        Assert.Equal(("sales-*", 5, 0), (changed.GetProperty("pattern").GetString(), changed.GetProperty("priority").GetInt32(), changed.GetProperty("enabled").GetInt32()));
        Assert.Equal(1, (await _admin.PutAsync($"{Path}/{id}", new { enabled = 1 }))["route"].GetProperty("enabled").GetInt32());
        Assert.Contains((await _admin.AskAsync($"{Path}/{Domain}"))["routes"].EnumerateArray(), each => each.GetProperty("id").GetString() == id);

        Assert.Equal("deleted", (await _admin.RemoveAsync($"{Path}/{id}")).Text("status"));
        (await _admin.RemoveAsync($"{Path}/{id}")).Refuses(HttpStatusCode.NotFound, "route not found");
        (await _admin.PutAsync($"{Path}/{id}", new { priority = 1 })).Refuses(HttpStatusCode.NotFound, "route not found");
    }

    [Theory]
    [InlineData("", "bob@peer.test")]
    [InlineData(null, "bob@peer.test")]
    [InlineData("a b", "bob@peer.test")]
    [InlineData("a/../b", "bob@peer.test")]
    [InlineData("info", null)]
    [InlineData("info", "nobody")]
    [InlineData("info", "*@peer.test/x")]
    public async Task Malformed_ones_are_refused(string? pattern, string? target) =>
        (await _admin.PostAsync(Path, new { domain = Domain, pattern, target_address = target })).Is(HttpStatusCode.BadRequest);

    [Fact]
    public async Task Wrong_types_are_refused()
    {
        foreach (object enabled in new object[] { 2, "yes", -1 })
            (await _admin.PostAsync(Path, new { domain = Domain, pattern = "x", target_address = "bob@peer.test", enabled })).Is(HttpStatusCode.BadRequest);
        (await _admin.PostAsync(Path, new { domain = Domain, pattern = "x", target_address = "bob@peer.test", priority = 1e20 })).Is(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Of_unknown_domains_there_are_none()
    {
        (await _admin.PostAsync(Path, new { domain = "unknown.test", pattern = "x", target_address = "bob@peer.test" })).Refuses(HttpStatusCode.NotFound, "domain not found");
        (await _admin.AskAsync($"{Path}/unknown.test")).Refuses(HttpStatusCode.NotFound, "domain not found");
    }

    [Fact]
    public async Task Must_not_lead_to_itself()
    {
        await fixture.Server.AddInboxAsync("anna@example.test");
        (await PostAsync("berta", "berta@example.test")).Refuses(HttpStatusCode.BadRequest, "the route would lead to itself");
        (await PostAsync("be*", "berta@example.test")).Refuses(HttpStatusCode.BadRequest, "the route would lead to itself");
        (await PostAsync("*", "anna@example.test")).Is(HttpStatusCode.Created); // A catch-all: mail stops in the inbox.
        (await PostAsync("anna", "anna@example.test")).Is(HttpStatusCode.BadRequest);
        (await PostAsync("berta", "berta@peer.test")).Is(HttpStatusCode.Created);

        Task<Answer> PostAsync(string pattern, string target) => _admin.PostAsync(Path, new { domain = Domain, pattern, target_address = target });
    }
}
