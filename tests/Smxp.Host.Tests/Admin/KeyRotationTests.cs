using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Smxp.Host.Domains;
using Smxp.Testing;

namespace Smxp.Host.Tests.Admin;

/// <summary>A new key whose record is to be published first: the old one signs until its time comes, by the server's clock.</summary>
public sealed class KeyRotationTests : IAsyncLifetime
{
    private const string Path = "/.smxp/admin/domains";
    private const string Algorithm = "ML-DSA-65";
    private const int Day = 86400;

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private TestServer _server = null!;

    public async Task InitializeAsync() => _server = await TestServer.StartAsync(settings => settings.Time = _time);

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task The_old_key_signs_until_the_delay_is_over_and_both_records_are_shown()
    {
        using var admin = _server.NewAdminClient();
        (await admin.PostAsync(Path, new { domain = "late.test" })).Is(HttpStatusCode.Created);
        string old = await SignerAsync();

        var rotated = (await admin.PostAsync($"{Path}/late.test/keys/rotate", new { algorithm = Algorithm, delay = Day })).Is(HttpStatusCode.OK)["dns"];
        var keys = rotated.GetProperty("keys").EnumerateArray().Where(static key => key.GetProperty("algorithm").GetString() == Algorithm).ToList();
        Assert.Equal(2, keys.Count);
        var coming = Assert.Single(keys, static key => key.TryGetProperty("signs_from", out _));
        string next = coming.GetProperty("key_id").GetString()!;
        Assert.Equal(_time.GetUtcNow().ToUnixTimeSeconds() + Day, coming.GetProperty("signs_from").GetInt64());
        Assert.Equal(old, rotated.GetProperty("key").GetProperty("key_id").GetString());
        Assert.NotEqual(old, next);
        Assert.Equal(old, await SignerAsync());

        _time.Advance(TimeSpan.FromSeconds(Day - 5));
        Assert.Equal(old, await SignerAsync());
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(next, await SignerAsync());

        var after = (await admin.AskAsync($"{Path}/late.test"))["dns"];
        Assert.Equal(next, after.GetProperty("key").GetProperty("key_id").GetString());
        Assert.DoesNotContain(after.GetProperty("keys").EnumerateArray(), key => key.GetProperty("key_id").GetString() == old);
        // Mail on its way still verifies.
        Assert.Equal(HttpStatusCode.OK, (await _server.Http.AskAsync($"/.smxp/server-key/late.test?kid={old}")).Status);
    }

    [Fact]
    public async Task A_key_that_leaks_while_the_next_waits_is_replaced_at_once()
    {
        using var admin = _server.NewAdminClient();
        (await admin.PostAsync(Path, new { domain = "late.test" })).Is(HttpStatusCode.Created);
        var waiting = (await admin.PostAsync($"{Path}/late.test/keys/rotate", new { delay = Day })).Is(HttpStatusCode.OK);
        var urgent = (await admin.PostAsync($"{Path}/late.test/keys/rotate", new { delay = 0 })).Is(HttpStatusCode.OK)["dns"];
        string signer = urgent.GetProperty("key").GetProperty("key_id").GetString()!;
        Assert.DoesNotContain(waiting["dns"].GetProperty("keys").EnumerateArray(), key => key.GetProperty("key_id").GetString() == signer);
        Assert.Equal(signer, await SignerAsync());

        _time.Advance(TimeSpan.FromSeconds(2 * Day));
        Assert.Equal(signer, await SignerAsync());
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(31L * Day)]
    public async Task A_delay_out_of_range_is_refused(long delay)
    {
        using var admin = _server.NewAdminClient();
        (await admin.PostAsync(Path, new { domain = "late.test" })).Is(HttpStatusCode.Created);
        (await admin.PostAsync($"{Path}/late.test/keys/rotate", new { delay })).Refuses(HttpStatusCode.BadRequest, "delay must be from 0 to 2592000 seconds");
    }

    private async Task<string> SignerAsync() => (await _server.Services.GetRequiredService<IKeyRing>().FindSignerAsync("late.test", Algorithm, default))!.KeyId;
}
