using Microsoft.Extensions.Time.Testing;
using Smxp.Host.Auth;

namespace Smxp.Host.Tests.Auth;

public class SignInThrottleTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly SignInThrottle _throttle;

    public SignInThrottleTests() => _throttle = new SignInThrottle(_time);

    [Fact]
    public void An_address_allows_so_many_attempts_and_more_with_time()
    {
        Assert.Equal(20, AttemptsAllowed(i => ("alice@example.test", $"192.0.2.{i}")));
        var wait = _throttle.TryEnter("alice@example.test", "198.51.100.1");
        Assert.Equal(TimeSpan.FromSeconds(30), wait);

        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Null(_throttle.TryEnter("alice@example.test", "198.51.100.1"));
        Assert.NotNull(_throttle.TryEnter("alice@example.test", "198.51.100.1"));
    }

    [Fact]
    public void One_address_under_attack_leaves_others_alone()
    {
        AttemptsAllowed(i => ("alice@example.test", $"192.0.2.{i}"));
        Assert.Null(_throttle.TryEnter("bob@example.test", "198.51.100.1"));
    }

    [Fact]
    public void A_client_that_tries_many_addresses_is_stopped() => Assert.Equal(100, AttemptsAllowed(i => ($"user{i}@example.test", "192.0.2.1")));

    [Fact]
    public void A_household_of_ipv6_addresses_is_one_client() =>
        Assert.Equal(100, AttemptsAllowed(i => ($"user{i}@example.test", $"2001:db8:1:2::{i:x}")));

    [Fact]
    public void Right_passwords_are_not_counted()
    {
        for (int i = 0; i < 1000; i++)
        {
            Assert.Null(_throttle.TryEnter("alice@example.test", "192.0.2.1"));
            _throttle.Forgive("alice@example.test", "192.0.2.1");
        }
    }

    [Fact]
    public void Many_names_do_not_make_it_forget_who_is_guessing_now()
    {
        AttemptsAllowed(_ => ("alice@example.test", "192.0.2.1"));
        for (int i = 0; i < 15_000; i++) _throttle.TryEnter($"user{i}@example.test", $"2001:db8:{i:x}::1");
        Assert.NotNull(_throttle.TryEnter("alice@example.test", "203.0.113.1"));
    }

    [Fact]
    public void What_is_remembered_is_bounded()
    {
        var table = new BucketTable(new Limit(1, TimeSpan.FromSeconds(1)), maxEntries: 3);
        var now = _time.GetUtcNow();
        var first = table.Get("a", now);
        foreach (string name in new[] { "b", "c" }) table.Get(name, now);
        Assert.Same(first, table.Get("a", now));
        table.Get("d", now);
        Assert.Same(first, table.Get("a", now)); // The least recently touched went: b.
        foreach (string name in new[] { "e", "f", "g" }) table.Get(name, now);
        Assert.NotSame(first, table.Get("a", now));
    }

    private int AttemptsAllowed(Func<int, (string Address, string Client)> attempt)
    {
        int allowed = 0;
        for (; allowed < 1000; allowed++)
        {
            var (address, client) = attempt(allowed);
            if (_throttle.TryEnter(address, client) is not null) break;
        }

        return allowed;
    }
}
