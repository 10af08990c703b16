using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Smxp.Host.Domains;
using Smxp.Plugins.Storage;
using Smxp.Protocol;
using Smxp.Testing;

namespace Smxp.Host.Tests.Admin;

public sealed class DomainTests(ServerFixture fixture) : IClassFixture<ServerFixture>, IDisposable
{
    private const string Path = "/.smxp/admin/domains";
    private readonly HttpClient _admin = fixture.Server.NewAdminClient();

    public void Dispose() => _admin.Dispose();

    [Fact]
    public async Task Added_ones_say_what_to_publish()
    {
        var added = (await _admin.PostAsync(Path, new { domain = " Added.Test " })).Is(HttpStatusCode.Created);
        Assert.Equal("added.test", added.Text("domain"));
        var (key, service) = (added["dns"].GetProperty("key"), added["dns"].GetProperty("service"));
        Assert.Equal(("_smxpkey.added.test", "TXT"), (key.GetProperty("name").GetString(), key.GetProperty("type").GetString()));
        Assert.True(KeyRecord.TryParse(key.GetProperty("value").GetString()!, out var record));
        Assert.Equal(("ML-DSA-65", key.GetProperty("fingerprint").GetString()), (record.Algorithm, record.Fingerprint));
        Assert.Equal(("_smxp.added.test", "SVCB"), (service.GetProperty("name").GetString(), service.GetProperty("type").GetString()));
        Assert.True(ServiceBinding.TryParse(service.GetProperty("value").GetString()!, out var binding));
        Assert.Equal((ushort)fixture.Server.Port, binding.Port);

        string[] algorithms = [.. added["dns"].GetProperty("keys").EnumerateArray().Select(each => each.GetProperty("algorithm").GetString()!)];
        Assert.Equal(["Ed25519", "ML-DSA-65"], algorithms.Order());

        Assert.Equal(key.ToString(), (await _admin.AskAsync($"{Path}/ADDED.test"))["dns"].GetProperty("key").ToString());
        Assert.Contains((await _admin.AskAsync(Path))["domains"].EnumerateArray(), each => each.GetProperty("domain").GetString() == "added.test");
    }

    [Fact]
    public async Task International_ones_are_kept_as_a_labels() =>
        Assert.Equal("xn--bcher-kva.test", (await _admin.PostAsync(Path, new { domain = "Bücher.test" })).Is(HttpStatusCode.Created).Text("domain"));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(".example.test")]
    [InlineData("exa mple.test")]
    [InlineData("a@b.test")]
    [InlineData("../../etc")]
    [InlineData("a..test")]
    [InlineData("-a.test")]
    [InlineData("a-.test")]
    [InlineData("192.0.2.1")]
    [InlineData("this-label-is-longer-than-the-sixty-three-octets-that-dns-has-room-for.test")]
    public async Task Malformed_ones_are_refused(string? domain) => (await _admin.PostAsync(Path, new { domain })).Refuses(HttpStatusCode.BadRequest, "invalid domain");

    [Fact]
    public async Task Cannot_be_added_twice()
    {
        (await _admin.PostAsync(Path, new { domain = "twice.test" })).Is(HttpStatusCode.Created);
        (await _admin.PostAsync(Path, new { domain = "TWICE.test" })).Refuses(HttpStatusCode.Conflict, "domain already exists");
    }

    [Fact]
    public async Task Removed_ones_take_their_addresses_and_sessions_with_them()
    {
        string token = await fixture.Server.AddInboxAsync("alice@removed.test");
        using var client = fixture.Server.NewClient(token);
        (await client.AskAsync("/.smxp/account/info")).Is(HttpStatusCode.OK);
        var keys = fixture.Server.Services.GetRequiredService<IKeyRing>();
        Assert.True(await keys.IsLocalAsync("removed.test", default));

        Assert.Equal("deleted", (await _admin.RemoveAsync($"{Path}/removed.test")).Is(HttpStatusCode.OK).Text("status"));
        Assert.False(await keys.IsLocalAsync("removed.test", default));
        (await client.AskAsync("/.smxp/account/info")).Is(HttpStatusCode.Unauthorized);
        (await _admin.AskAsync($"{Path}/removed.test")).Refuses(HttpStatusCode.NotFound, "domain not found");
        (await _admin.RemoveAsync($"{Path}/removed.test")).Refuses(HttpStatusCode.NotFound, "domain not found");
    }

    [Fact]
    public async Task A_rotated_key_signs_from_now_on_and_the_old_one_still_verifies()
    {
        var before = (await _admin.PostAsync(Path, new { domain = "rotated.test" }))["dns"].GetProperty("key");
        var keys = fixture.Server.Services.GetRequiredService<IKeyRing>();
        string oldId = (await keys.FindSignerAsync("rotated.test", "ML-DSA-65", default))!.KeyId;
        string other = (await keys.FindSignerAsync("rotated.test", "Ed25519", default))!.KeyId;

        var after = (await _admin.PostAsync($"{Path}/rotated.test/keys/rotate", new { algorithm = "ML-DSA-65" })).Is(HttpStatusCode.OK)["dns"].GetProperty("key");
        Assert.NotEqual(before.GetProperty("fingerprint").GetString(), after.GetProperty("fingerprint").GetString());
        Assert.Equal(after.GetProperty("key_id").GetString(), (await keys.FindSignerAsync("rotated.test", "ML-DSA-65", default))!.KeyId);
        Assert.NotNull(await keys.FindPublicAsync("rotated.test", oldId, default));
        Assert.Equal(other, (await keys.FindSignerAsync("rotated.test", "Ed25519", default))!.KeyId);

        (await _admin.PostAsync($"{Path}/rotated.test/keys/rotate")).Is(HttpStatusCode.OK);
        Assert.NotEqual(other, (await keys.FindSignerAsync("rotated.test", "Ed25519", default))!.KeyId);
        (await _admin.PostAsync($"{Path}/rotated.test/keys/rotate", new { algorithm = "RSA" })).Is(HttpStatusCode.BadRequest);
        (await _admin.PostAsync($"{Path}/unknown.test/keys/rotate")).Refuses(HttpStatusCode.NotFound, "domain not found");
    }

    [Fact]
    public async Task What_a_key_signs_its_public_key_verifies()
    {
        var keys = fixture.Server.Services.GetRequiredService<IKeyRing>();
        foreach (string algorithm in new[] { "ML-DSA-65", "Ed25519" })
        {
            var signer = (await keys.FindSignerAsync("example.test", algorithm, default))!;
            var verifier = (await keys.FindPublicAsync("example.test", signer.KeyId, default))!.Verifier;
            byte[] signature = signer.Signer.Sign("hello"u8);
            Assert.True(verifier.Verify("hello"u8, signature));
            Assert.False(verifier.Verify("hallo"u8, signature));
        }
    }

    [Fact]
    public async Task A_key_another_node_made_is_noticed_within_seconds()
    {
        var state = fixture.Server.Services.GetRequiredService<IStateStore>();
        var keys = fixture.Server.Services.GetRequiredService<IKeyRing>();
        Assert.False(await keys.IsLocalAsync("elsewhere.test", default));
        await state.Domains.AddAsync(new DomainRecord("elsewhere.test", 0, []), default);
        await Eventually.TrueAsync(async () => await keys.IsLocalAsync("elsewhere.test", default), TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_domain_gets_the_key_that_configuration_has_come_to_need()
    {
        await using var server = await TestServer.StartAsync();
        var state = server.Services.GetRequiredService<IStateStore>();
        await state.Domains.AddAsync(new DomainRecord("keyless.test", 0, []), default);
        await server.RestartAsync();
        var keys = server.Services.GetRequiredService<IKeyRing>();
        Assert.NotNull(await keys.FindSignerAsync("keyless.test", "ML-DSA-65", default));
        Assert.NotNull(await keys.FindSignerAsync("keyless.test", "Ed25519", default));
    }
}
