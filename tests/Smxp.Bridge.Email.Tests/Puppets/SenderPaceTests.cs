using Microsoft.Extensions.Time.Testing;
using Smxp.Bridge.Email.Puppets;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Tests.Puppets;

public sealed class SenderPaceTests
{
    private static readonly Address Alice = Address.Parse("alice@other.test");

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Lets_so_many_through_in_an_hour_and_says_when_to_come_again()
    {
        var pace = new SenderPace(4, _time);
        for (int i = 0; i < 4; i++) Assert.True(pace.TryPass(Alice, out _));
        Assert.False(pace.TryPass(Alice, out var pause));
        Assert.Equal(TimeSpan.FromMinutes(15), pause);
        // Others have a pace of their own.
        Assert.True(pace.TryPass(Address.Parse("carol@other.test"), out _));

        _time.Advance(pause);
        Assert.True(pace.TryPass(Alice, out _));
        Assert.False(pace.TryPass(Alice, out _));
    }

    [Fact]
    public void Forgets_who_is_idle_and_turns_new_ones_away_while_all_are_busy()
    {
        var pace = new SenderPace(2, _time, capacity: 3);
        for (int i = 0; i < 3; i++) Assert.True(pace.TryPass(Address.Parse($"user{i}@other.test"), out _));
        Assert.False(pace.TryPass(Alice, out var pause));
        Assert.True(pause > TimeSpan.Zero);
        // Those who are known go on.
        Assert.True(pace.TryPass(Address.Parse("user0@other.test"), out _));

        _time.Advance(TimeSpan.FromMinutes(30));
        Assert.True(pace.TryPass(Alice, out _));
    }
}
