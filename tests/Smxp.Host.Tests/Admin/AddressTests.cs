using System.Net;

namespace Smxp.Host.Tests.Admin;

public sealed class AddressTests(ServerFixture fixture) : IClassFixture<ServerFixture>, IDisposable
{
    private const string Path = "/.smxp/admin/addresses";
    private const string Domain = "example.test";
    private readonly HttpClient _admin = fixture.Server.NewAdminClient();

    public void Dispose() => _admin.Dispose();

    [Fact]
    public async Task An_inbox_is_added_shown_and_removed()
    {
        var added = (await _admin.PostAsync(Path, new { domain = Domain, alias = " Anna.Maria+1 ", password = ServerFixture.Password })).Is(HttpStatusCode.Created);
        Assert.Equal(("anna.maria+1@example.test", "inbox", "anna.maria+1"), (added.Text("address"), added.Text("mode"), added.Text("alias")));
        (await fixture.LoginAsync("anna.maria+1")).Is(HttpStatusCode.OK);

        var shown = (await _admin.AskAsync($"{Path}/{Domain}/anna.maria%2B1")).Is(HttpStatusCode.OK)["address"];
        Assert.Equal("inbox", shown.GetProperty("mode").GetString());
        Assert.DoesNotContain("argon2", shown.ToString(), StringComparison.Ordinal);

        Assert.Equal("deleted", (await _admin.RemoveAsync($"{Path}/{Domain}/anna.maria%2B1")).Is(HttpStatusCode.OK).Text("status"));
        (await _admin.AskAsync($"{Path}/{Domain}/anna.maria%2B1")).Refuses(HttpStatusCode.NotFound, "address not found");
        (await _admin.RemoveAsync($"{Path}/{Domain}/anna.maria%2B1")).Refuses(HttpStatusCode.NotFound, "address not found");
        (await fixture.LoginAsync("anna.maria+1")).Is(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Cannot_be_added_twice()
    {
        (await _admin.PostAsync(Path, new { domain = Domain, alias = "berta" })).Is(HttpStatusCode.Created);
        (await _admin.PostAsync(Path, new { domain = Domain, alias = "BERTA" })).Refuses(HttpStatusCode.Conflict, "address already exists");
        (await _admin.PostAsync(Path, new { domain = Domain, alias = "berta", mode = "forward", forward_to = "x@peer.test" })).Is(HttpStatusCode.Conflict);
    }

    [Theory]
    [InlineData("", "invalid alias")]
    [InlineData("*", "invalid alias")]
    [InlineData("a b", "invalid alias")]
    [InlineData("a@b", "invalid alias")]
    [InlineData("../etc/passwd", "invalid alias")]
    [InlineData("anna\r\nX-Injected: 1", "invalid alias")]
    [InlineData("ünal", "invalid alias")]
    public async Task A_malformed_alias_is_refused(string alias, string error) =>
        (await _admin.PostAsync(Path, new { domain = Domain, alias })).Refuses(HttpStatusCode.BadRequest, error);

    [Fact]
    public async Task Malformed_requests_are_refused()
    {
        (await _admin.PostAsync(Path, new { domain = "unknown.test", alias = "carla" })).Refuses(HttpStatusCode.NotFound, "domain does not exist");
        (await _admin.PostAsync(Path, new { domain = "no domain", alias = "carla" })).Refuses(HttpStatusCode.BadRequest, "invalid domain");
        (await _admin.PostAsync(Path, new { domain = Domain, alias = "carla", mode = "list" })).Refuses(HttpStatusCode.BadRequest, "mode must be inbox or forward");
        (await _admin.PostAsync(Path, new { domain = Domain, alias = "carla", password = "short" })).Is(HttpStatusCode.BadRequest);
        (await _admin.PostAsync(Path, new { domain = Domain, alias = new string('a', 65) })).Is(HttpStatusCode.BadRequest);
        (await _admin.PostAsync(Path, new { domain = Domain, alias = 7 })).Is(HttpStatusCode.BadRequest);
        (await _admin.AskAsync($"{Path}?domain=no%20domain")).Is(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_forwarding_address_is_a_set_of_routes()
    {
        var added = (await _admin.PostAsync(Path, new { domain = Domain, alias = "team", mode = "forward", forward_to = new[] { "bob@peer.test", "Eve@Peer.test" } })).Is(HttpStatusCode.Created);
        Assert.Equal(["bob@peer.test", "eve@peer.test"], added["forward_to"].EnumerateArray().Select(each => each.GetString()).Order());
        var routes = (await _admin.AskAsync($"/.smxp/admin/routes/{Domain}"))["routes"].EnumerateArray().Where(route => route.GetProperty("pattern").GetString() == "team");
        Assert.Equal(2, routes.Count());

        Assert.Equal("forward", (await _admin.AskAsync($"{Path}/{Domain}/team"))["address"].GetProperty("mode").GetString());
        (await _admin.PostAsync(Path, new { domain = Domain, alias = "team", mode = "forward", forward_to = "x@peer.test" })).Is(HttpStatusCode.Conflict);
        (await _admin.RemoveAsync($"{Path}/{Domain}/team")).Is(HttpStatusCode.OK);
        (await _admin.AskAsync($"{Path}/{Domain}/team")).Is(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_forwarding_address_needs_targets_that_are_addresses()
    {
        (await _admin.PostAsync(Path, new { domain = Domain, alias = "doris", mode = "forward" })).Refuses(HttpStatusCode.BadRequest, "forward_to is required for forward addresses");
        (await _admin.PostAsync(Path, new { domain = Domain, alias = "doris", mode = "forward", forward_to = new[] { "bob@peer.test", "nobody" } })).Is(HttpStatusCode.BadRequest);
        (await _admin.PostAsync(Path, new { domain = Domain, alias = "doris", mode = "forward", forward_to = "doris@example.test" })).Is(HttpStatusCode.BadRequest);
        (await _admin.PostAsync(Path, new { domain = Domain, alias = "doris", mode = "forward", forward_to = 5 })).Is(HttpStatusCode.BadRequest);
        (await _admin.AskAsync($"{Path}/{Domain}/doris")).Is(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Are_listed_by_domain_or_all()
    {
        await fixture.Server.AddDomainAsync("other.test");
        (await _admin.PostAsync(Path, new { domain = "other.test", alias = "emma" })).Is(HttpStatusCode.Created);
        (await _admin.PostAsync(Path, new { domain = "other.test", alias = "all*", mode = "forward", forward_to = "emma@other.test" })).Is(HttpStatusCode.Created);
        (await _admin.PostAsync(Path, new { domain = Domain, alias = "frieda" })).Is(HttpStatusCode.Created);

        Assert.Equal(["all*@other.test", "emma@other.test"], await ListAsync("?domain=Other.test"));
        Assert.Superset(new HashSet<string> { "all*@other.test", "emma@other.test", "frieda@example.test" }, (await ListAsync("")).ToHashSet());

        async Task<IReadOnlyList<string>> ListAsync(string query) =>
            [.. (await _admin.AskAsync(Path + query)).Is(HttpStatusCode.OK)["addresses"].EnumerateArray().Select(each => each.GetProperty("address").GetString()!)];
    }
}
