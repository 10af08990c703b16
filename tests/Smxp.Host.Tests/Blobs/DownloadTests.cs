using System.Net;
using System.Text;
using static Smxp.Host.Tests.Blobs.BlobClient;

namespace Smxp.Host.Tests.Blobs;

public class DownloadTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private static readonly byte[] Digits = Encoding.ASCII.GetBytes("0123456789");

    [Fact]
    public async Task Whoever_holds_a_token_fetches_it()
    {
        using var owner = await fixture.Server.SignInNewAsync("anna@example.test");
        string id = await owner.UploadAsync(Digits, "text/plain", "numbers.txt");
        using var response = await fixture.Server.Http.FetchAsync(id, await owner.TokenAsync(id));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(Digits, await response.Content.ReadAsByteArrayAsync());
        Assert.Equal("text/plain", response.Content.Headers.ContentType!.ToString());
        Assert.Equal(10, response.Content.Headers.ContentLength);
        Assert.Equal("attachment", response.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Equal("numbers.txt", response.Content.Headers.ContentDisposition.FileNameStar);
        Assert.Equal("no-store, private", string.Join(", ", response.Headers.CacheControl!.ToString().Split(", ").Order()));
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("bytes", response.Headers.AcceptRanges.Single());
        Assert.Equal($"\"{HashOf(Digits)}\"", response.Headers.ETag!.Tag);
    }

    [Fact]
    public async Task Nobody_else_does()
    {
        using var owner = await fixture.Server.SignInNewAsync("berta@example.test");
        using var other = await fixture.Server.SignInNewAsync("carla@example.test");
        string id = await owner.UploadAsync(Digits);
        string another = await owner.UploadAsync([1]);
        string tokenOfAnother = await owner.TokenAsync(another);
        foreach (string? token in new[] { null, "", "blt_wrong", tokenOfAnother, new string('x', 5000) })
        {
            using var refused = await other.FetchAsync(id, token);
            Assert.Equal((HttpStatusCode.Unauthorized, "invalid token"), (refused.StatusCode, await refused.ErrorAsync()));
        }

        using var absent = await other.FetchAsync("blob_doesnotexist", tokenOfAnother);
        Assert.Equal(HttpStatusCode.Unauthorized, absent.StatusCode);
        using var own = await owner.FetchAsync(id);
        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
    }

    [Fact]
    public async Task Nothing_unfinished_can_be_fetched()
    {
        using var owner = await fixture.Server.SignInNewAsync("doris@example.test");
        string id = await owner.AnnounceAsync(Digits);
        (await owner.PutChunkAsync(id, 0, Digits)).Is(HttpStatusCode.OK);
        using var response = await owner.FetchAsync(id);
        Assert.Equal((HttpStatusCode.NotFound, "blob not found"), (response.StatusCode, await response.ErrorAsync()));
        (await owner.PostAsync($"{BlobClient.Path}/{id}/tokens", new { })).Refuses(HttpStatusCode.BadRequest, "blob not ready");
    }

    [Theory]
    [InlineData("bytes=2-4", "234", "bytes 2-4/10")]
    [InlineData("bytes=7-", "789", "bytes 7-9/10")]
    [InlineData("bytes=-2", "89", "bytes 8-9/10")]
    [InlineData("bytes=0-100", "0123456789", "bytes 0-9/10")]
    public async Task One_range_is_206(string range, string expected, string contentRange)
    {
        using var owner = await OwnerAsync("emma@example.test");
        using var response = await owner.FetchAsync(await owner.UploadAsync(Digits), headers: ("Range", range));
        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        Assert.Equal(expected, await response.Content.ReadAsStringAsync());
        Assert.Equal(contentRange, response.Content.Headers.ContentRange!.ToString());
        Assert.Equal(expected.Length, response.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task Several_ranges_are_one_multipart()
    {
        using var owner = await OwnerAsync("frieda@example.test");
        using var response = await owner.FetchAsync(await owner.UploadAsync(Digits, "text/plain"), headers: ("Range", "bytes=0-1,5-6,-1"));
        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        Assert.Equal("multipart/byteranges", response.Content.Headers.ContentType!.MediaType);
        string boundary = response.Content.Headers.ContentType.Parameters.Single().Value!;
        string Part(string range, string bytes) => $"\r\n--{boundary}\r\nContent-Type: text/plain\r\nContent-Range: bytes {range}/10\r\n\r\n{bytes}";
        Assert.Equal($"{Part("0-1", "01")}{Part("5-6", "56")}{Part("9-9", "9")}\r\n--{boundary}--\r\n", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_range_beyond_the_end_is_416()
    {
        using var owner = await OwnerAsync("greta@example.test");
        using var response = await owner.FetchAsync(await owner.UploadAsync(Digits), headers: ("Range", "bytes=10-"));
        Assert.Equal((HttpStatusCode.RequestedRangeNotSatisfiable, "invalid range"), (response.StatusCode, await response.ErrorAsync()));
        Assert.Equal("bytes */10", response.Content.Headers.ContentRange!.ToString());
    }

    [Fact]
    public async Task If_range_guards_against_another_blob()
    {
        using var owner = await OwnerAsync("hanna@example.test");
        string id = await owner.UploadAsync(Digits);
        using var same = await owner.FetchAsync(id, headers: [("Range", "bytes=0-0"), ("If-Range", $"\"{HashOf(Digits)}\"")]);
        Assert.Equal(HttpStatusCode.PartialContent, same.StatusCode);
        foreach (string condition in new[] { "\"other\"", $"W/\"{HashOf(Digits)}\"", "Sat, 01 Jan 2022 00:00:00 GMT", "nonsense" })
        {
            using var whole = await owner.FetchAsync(id, headers: [("Range", "bytes=0-0"), ("If-Range", condition)]);
            Assert.Equal(HttpStatusCode.OK, whole.StatusCode);
        }

        using var known = await owner.FetchAsync(id, headers: ("If-None-Match", $"\"{HashOf(Digits)}\""));
        Assert.Equal(HttpStatusCode.NotModified, known.StatusCode);
    }

    [Fact]
    public async Task Head_says_what_get_would_without_the_bytes()
    {
        using var owner = await OwnerAsync("ida@example.test");
        string id = await owner.UploadAsync(Digits, "image/png");
        using var response = await owner.FetchAsync(id, method: HttpMethod.Head, headers: ("Range", "bytes=0-0"));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal((10L, "image/png"), (response.Content.Headers.ContentLength, response.Content.Headers.ContentType!.ToString()));
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
        using var refused = await fixture.Server.Http.FetchAsync(id, "blt_wrong", HttpMethod.Head);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    [Theory]
    [InlineData("a\r\nSet-Cookie: x=1.txt", "text/html\r\nX-Injected: 1")]
    [InlineData("../../etc/passwd", "nonsense")]
    [InlineData("\u202Etxt.exe \"quoted\"; name=x", "text/plain; charset=\u00fctf")]
    [InlineData("Übung – 試験.pdf", "")]
    public async Task What_its_owner_calls_it_cannot_break_out_of_the_header(string name, string contentType)
    {
        using var owner = await OwnerAsync("judith@example.test");
        using var response = await owner.FetchAsync(await owner.UploadAsync(Digits, contentType, name));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.False(response.Headers.Contains("Set-Cookie") || response.Headers.Contains("X-Injected"));
        Assert.Equal("application/octet-stream", response.Content.Headers.ContentType!.ToString());
        string? shown = response.Content.Headers.ContentDisposition!.FileNameStar;
        Assert.Equal(string.Concat(name.Where(c => !char.IsControl(c) && c != '/')), shown);
        Assert.Contains("sandbox", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deleted_ones_are_gone_with_their_tokens()
    {
        using var owner = await OwnerAsync("klara@example.test");
        string id = await owner.UploadAsync(Digits);
        string token = await owner.TokenAsync(id);
        Assert.Equal(id, (await owner.RemoveAsync($"{BlobClient.Path}/{id}")).Is(HttpStatusCode.OK).Text("id"));
        using var response = await fixture.Server.Http.FetchAsync(id, token);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        (await owner.RemoveAsync($"{BlobClient.Path}/{id}")).Refuses(HttpStatusCode.NotFound, "blob not found");
    }

    private async Task<HttpClient> OwnerAsync(string address) => await fixture.Server.SignInNewAsync(address);
}
