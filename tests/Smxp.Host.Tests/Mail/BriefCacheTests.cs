using Microsoft.Extensions.Time.Testing;
using Smxp.Host.Mail.Routing;

namespace Smxp.Host.Tests.Mail;

public sealed class BriefCacheTests
{
    private readonly FakeTimeProvider _time = new();
    private int _lookUps;

    [Fact]
    public async Task Remembers_for_a_moment()
    {
        var cache = new BriefCache<string, int>(TimeSpan.FromSeconds(1), 10, _time);
        Assert.Equal((1, 1), (await Get(cache, "a"), await Get(cache, "a")));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, await Get(cache, "a"));
        cache.Clear();
        Assert.Equal(3, await Get(cache, "a"));
    }

    [Fact]
    public async Task Remembers_nothing_that_was_forgotten_while_it_was_looked_up()
    {
        var cache = new BriefCache<string, int>(TimeSpan.FromSeconds(1), 10, _time);
        var found = new TaskCompletionSource<int>();
        ValueTask<int> early = cache.GetAsync("a", (_, _) => found.Task, CancellationToken.None);
        cache.Clear();
        found.SetResult(-1);
        Assert.Equal(-1, await early);
        Assert.Equal(1, await Get(cache, "a"));
    }

    [Fact]
    public async Task Starts_afresh_when_strangers_fill_it()
    {
        var cache = new BriefCache<string, int>(TimeSpan.FromSeconds(1), 10, _time);
        for (int i = 0; i < 10; i++) await Get(cache, $"{i}");
        await Get(cache, "one more");
        Assert.Equal(12, await Get(cache, "0"));
    }

    private ValueTask<int> Get(BriefCache<string, int> cache, string key) => cache.GetAsync(key, (_, _) => Task.FromResult(++_lookUps), CancellationToken.None);
}
