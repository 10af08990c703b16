using System.Net;
using Microsoft.Extensions.Time.Testing;
using Smxp.Testing;

namespace Smxp.Host.Tests.Blobs;

public class BlobTokenTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    [Fact]
    public async Task Are_listed_without_their_text_and_ended_one_by_one()
    {
        using var owner = await fixture.Server.SignInNewAsync("anna@example.test");
        string id = await owner.UploadAsync([1, 2, 3]);
        string path = $"{BlobClient.Path}/{id}/tokens";
        var first = (await owner.PostAsync(path, new { recipient = "bob@peer.test" })).Is(HttpStatusCode.Created);
        var second = (await owner.PostAsync(path)).Is(HttpStatusCode.Created);
        Assert.Matches("^blt_[A-Za-z0-9_-]{43}$", first.Text("token"));

        var listed = (await owner.AskAsync(path))["tokens"].EnumerateArray().ToList();
        Assert.Equal(2, listed.Count);
        Assert.Contains(listed, token => token.GetProperty("recipient").GetString() == "bob@peer.test");
        Assert.DoesNotContain("blt_", string.Concat(listed), StringComparison.Ordinal);

        Assert.Equal("revoked", (await owner.RemoveAsync($"{path}/{first.Text("id")}")).Is(HttpStatusCode.OK).Text("status"));
        (await owner.RemoveAsync($"{path}/{first.Text("id")}")).Refuses(HttpStatusCode.NotFound, "token not found");
        using var ended = await fixture.Server.Http.FetchAsync(id, first.Text("token"));
        using var open = await fixture.Server.Http.FetchAsync(id, second.Text("token"));
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (ended.StatusCode, open.StatusCode));
    }

    [Fact]
    public async Task Of_another_blob_cannot_be_ended()
    {
        using var owner = await fixture.Server.SignInNewAsync("berta@example.test");
        using var other = await fixture.Server.SignInNewAsync("carla@example.test");
        string id = await owner.UploadAsync([1]);
        string mine = await other.UploadAsync([1]);
        string tokenId = (await owner.PostAsync($"{BlobClient.Path}/{id}/tokens", new { })).Text("id");
        (await other.RemoveAsync($"{BlobClient.Path}/{id}/tokens/{tokenId}")).Is(HttpStatusCode.Forbidden);
        (await other.RemoveAsync($"{BlobClient.Path}/{mine}/tokens/{tokenId}")).Refuses(HttpStatusCode.NotFound, "token not found");
        Assert.Single((await owner.AskAsync($"{BlobClient.Path}/{id}/tokens"))["tokens"].EnumerateArray());
    }

    [Fact]
    public async Task End_when_they_expire()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var server = await TestServer.StartAsync(settings => settings.Time = time);
        using var owner = await server.SignInNewAsync("alice@example.test");
        string id = await owner.UploadAsync([1]);
        long end = time.GetUtcNow().AddMinutes(1).ToUnixTimeSeconds();
        string token = (await owner.PostAsync($"{BlobClient.Path}/{id}/tokens", new { expires_at = end })).Is(HttpStatusCode.Created).Text("token");
        (await owner.PostAsync($"{BlobClient.Path}/{id}/tokens", new { expires_at = end - 3600 })).Refuses(HttpStatusCode.BadRequest, "expires_at is in the past");

        using var open = await server.Http.FetchAsync(id, token);
        time.Advance(TimeSpan.FromMinutes(1));
        using var over = await server.Http.FetchAsync(id, token);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (open.StatusCode, over.StatusCode));
    }
}
