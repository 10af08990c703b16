using Microsoft.Extensions.Time.Testing;
using Smxp.Bridge.Email.Submission;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Tests.Submission;

public class SenderQuotaTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 4, 10, 0, 0, TimeSpan.Zero);
    private static readonly Address Alice = Address.Parse("alice@example.test");

    private readonly FakeTimeProvider _time = new(Start);

    [Fact]
    public void What_was_taken_is_free_again_an_hour_later()
    {
        var quota = new SenderQuota(10, _time);
        Assert.Null(quota.Take(Alice, 6));
        _time.Advance(TimeSpan.FromMinutes(20));
        Assert.Null(quota.Take(Alice, 4));
        Assert.Equal(Start.AddHours(1), quota.RoomFor(Alice, 6));
        Assert.Equal(Start.AddMinutes(80), quota.Take(Alice, 7));
        Assert.Null(quota.Take(Address.Parse("bob@example.test"), 10));
        _time.Advance(TimeSpan.FromMinutes(40));
        Assert.Null(quota.Take(Alice, 6));
        Assert.NotNull(quota.RoomFor(Alice, 1));
    }

    [Fact]
    public void What_is_given_back_is_free_at_once()
    {
        var quota = new SenderQuota(3, _time);
        Assert.Null(quota.Take(Alice, 3));
        quota.GiveBack(Alice, 2);
        Assert.Null(quota.Take(Alice, 2));
        Assert.NotNull(quota.Take(Alice, 1));
    }

    [Fact]
    public void Nothing_is_counted_where_there_is_no_limit()
    {
        var quota = new SenderQuota(0, _time);
        for (int i = 0; i < 5; i++) Assert.Null(quota.Take(Alice, int.MaxValue));
    }
}
