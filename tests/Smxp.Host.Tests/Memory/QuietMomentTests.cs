using Smxp.Host.Memory;

namespace Smxp.Host.Tests.Memory;

public sealed class QuietMomentTests
{
    private const long Megabyte = 1024 * 1024;

    private readonly QuietMoment _quiet = new();

    [Fact]
    public void What_the_start_left_is_collected_once_it_is_quiet_and_only_once()
    {
        Assert.False(_quiet.IsDue(20 * Megabyte, 12 * Megabyte));
        Assert.True(_quiet.IsDue(20 * Megabyte + 1000, 12 * Megabyte));
        Assert.False(_quiet.IsDue(20 * Megabyte + 2000, 6 * Megabyte));
    }

    [Fact]
    public void Nothing_is_collected_while_there_is_work()
    {
        for (int i = 1; i < 100; i++) Assert.False(_quiet.IsDue(i * 2 * Megabyte, 12 * Megabyte));
    }

    [Fact]
    public void Little_by_little_adds_up()
    {
        Assert.Equal([4, 8, 12], Enumerable.Range(1, 12).Where(i => _quiet.IsDue(i * Megabyte, 2 * Megabyte)));
    }

    [Fact]
    public void A_large_heap_is_collected_as_seldom_as_it_is_large()
    {
        Assert.Equal([50, 100], Enumerable.Range(1, 149).Where(i => _quiet.IsDue(i * Megabyte, 100 * Megabyte)));
    }
}
