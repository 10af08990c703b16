using Microsoft.Extensions.Time.Testing;
using Smxp.Bridge.Email.Routing;
using Smxp.Plugins.Delivery;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Tests.Routing;

public sealed class CallForwardTests
{
    private static readonly Address Bob = Address.Parse("bob@example.test");

    private readonly FakeTimeProvider _time = new();
    private readonly Probe _probe = new();
    private readonly CallForward _callForward;

    public CallForwardTests() => _callForward = new CallForward(_probe, _time);

    [Fact]
    public async Task A_good_answer_holds_an_hour()
    {
        Assert.Equal(LegacyVerdictKind.Exists, await AskAsync());
        _time.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(LegacyVerdictKind.Exists, await AskAsync());
        Assert.Equal(1, _probe.Asked);
        _time.Advance(TimeSpan.FromMinutes(2));
        _probe.Answer = HandOverKind.Rejected;
        Assert.Equal(LegacyVerdictKind.Unknown, await AskAsync());
    }

    [Fact]
    public async Task A_bad_answer_holds_five_minutes()
    {
        _probe.Answer = HandOverKind.Rejected;
        Assert.Equal(LegacyVerdictKind.Unknown, await AskAsync());
        _probe.Answer = HandOverKind.Accepted;
        _time.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal(LegacyVerdictKind.Unknown, await AskAsync());
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(LegacyVerdictKind.Exists, await AskAsync());
    }

    [Fact]
    public async Task No_answer_is_not_kept()
    {
        _probe.Answer = HandOverKind.Deferred;
        Assert.Equal(LegacyVerdictKind.Unreachable, await AskAsync());
        Assert.Equal(LegacyVerdictKind.Unreachable, await AskAsync());
        Assert.Equal(2, _probe.Asked);
    }

    [Fact]
    public async Task Without_an_answer_what_was_good_within_a_week_counts_as_good()
    {
        await AskAsync();
        _probe.Answer = HandOverKind.Deferred;
        _time.Advance(TimeSpan.FromDays(6));
        Assert.Equal(LegacyVerdictKind.Exists, await AskAsync());
        _time.Advance(TimeSpan.FromDays(2));
        Assert.Equal(LegacyVerdictKind.Unreachable, await AskAsync());
    }

    [Fact]
    public async Task A_mail_that_was_taken_is_an_answer_too()
    {
        _callForward.Confirm(Bob);
        Assert.Equal(LegacyVerdictKind.Exists, await AskAsync());
        Assert.Equal(0, _probe.Asked);
    }

    [Fact]
    public async Task Strangers_fill_it_with_wrong_addresses_and_the_good_ones_stay()
    {
        await AskAsync();
        _probe.Answer = HandOverKind.Rejected;
        for (int i = 0; i < 25_000; i++) await _callForward.VerifyAsync(Address.Parse($"guess{i}@example.test"), CancellationToken.None);
        int asked = _probe.Asked;
        Assert.Equal(LegacyVerdictKind.Exists, await AskAsync());
        Assert.Equal(asked, _probe.Asked);
        // The first guesses have been forgotten: it is bounded.
        await _callForward.VerifyAsync(Address.Parse("guess0@example.test"), CancellationToken.None);
        Assert.Equal(asked + 1, _probe.Asked);
    }

    private async Task<LegacyVerdictKind> AskAsync() => (await _callForward.VerifyAsync(Bob, CancellationToken.None)).Kind;

    private sealed class Probe : IRecipientProbe
    {
        public HandOverKind Answer { get; set; } = HandOverKind.Accepted;

        public int Asked { get; private set; }

        public Task<HandOver> AskAsync(Address recipient, CancellationToken cancellationToken)
        {
            Asked++;
            return Task.FromResult(new HandOver(Answer, "words"));
        }
    }
}
