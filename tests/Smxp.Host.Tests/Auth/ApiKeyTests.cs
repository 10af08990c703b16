using System.Net;
using System.Text.Json;

namespace Smxp.Host.Tests.Auth;

public class ApiKeyTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private const string Path = "/.smxp/auth/apikeys";

    [Fact]
    public async Task Is_made_used_listed_and_deleted()
    {
        using var client = await fixture.Server.SignInNewAsync("anna@example.test");
        var made = (await client.PostAsync(Path, new { name = "backup" })).Is(HttpStatusCode.Created);
        Assert.Matches("^smxp_key_[A-Za-z0-9_-]{43}$", made.Text("token"));
        Assert.Equal(("backup", JsonValueKind.Null), (made.Text("name"), made["expires_at"].ValueKind));

        using var program = fixture.Server.NewClient(made.Text("token"));
        (await program.AskAsync("/.smxp/account/info")).Is(HttpStatusCode.OK);

        var listed = Assert.Single((await client.AskAsync(Path))["apikeys"].EnumerateArray());
        Assert.Equal(made.Text("id"), listed.GetProperty("id").GetString());
        Assert.Equal("apikey", listed.GetProperty("type").GetString());
        Assert.Equal(JsonValueKind.Number, listed.GetProperty("last_used").ValueKind);
        Assert.False(listed.TryGetProperty("token", out _));

        Assert.Equal("deleted", (await client.RemoveAsync($"{Path}/{made.Text("id")}")).Text("status"));
        (await program.AskAsync("/.smxp/account/info")).Is(HttpStatusCode.Unauthorized);
        (await client.RemoveAsync($"{Path}/{made.Text("id")}")).Refuses(HttpStatusCode.NotFound, "api key not found");
    }

    [Fact]
    public async Task Needs_no_body()
    {
        using var client = await fixture.Server.SignInNewAsync("berta@example.test");
        (await client.PostAsync(Path)).Is(HttpStatusCode.Created);
        (await client.PostAsync(Path, new { })).Is(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Of_somebody_else_cannot_be_seen_or_deleted()
    {
        using var owner = await fixture.Server.SignInNewAsync("carla@example.test");
        using var other = await fixture.Server.SignInNewAsync("doris@example.test");
        string id = (await owner.PostAsync(Path, new { })).Text("id");
        (await other.RemoveAsync($"{Path}/{id}")).Refuses(HttpStatusCode.NotFound, "api key not found");
        Assert.Empty((await other.AskAsync(Path))["apikeys"].EnumerateArray());
        Assert.Single((await owner.AskAsync(Path))["apikeys"].EnumerateArray());
    }

    [Fact]
    public async Task A_session_is_no_api_key_to_delete()
    {
        await fixture.AddAccountAsync("emma");
        var session = await fixture.LoginAsync("emma");
        using var client = fixture.Server.NewClient(session.Text("token"));
        (await client.RemoveAsync($"{Path}/{session.Text("token_id")}")).Is(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Refuses_an_end_in_the_past_and_an_endless_name()
    {
        using var client = await fixture.Server.SignInNewAsync("frieda@example.test");
        (await client.PostAsync(Path, new { expires_at = 1 })).Refuses(HttpStatusCode.BadRequest, "expires_at is in the past");
        (await client.PostAsync(Path, new { name = new string('x', 201) })).Is(HttpStatusCode.BadRequest);
        (await client.PostAsync(Path, new { expires_at = "tomorrow" })).Is(HttpStatusCode.BadRequest);
    }
}
