using CsCheck;
using Smxp.Bridge.Email.Relay;
using Smxp.Bridge.Email.ReturnPaths;

namespace Smxp.Bridge.Email.Tests.Relay;

public sealed class SrsCodecTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly SrsCodec Ours = new(new LocalPartSeal([1, 2, 3, 4]));
    private static readonly SrsCodec Theirs = new(new LocalPartSeal([9, 9, 9, 9]));

    private static readonly Gen<string> Locals = Gen.Char["abcXYZ019.=+-_!#~ \u00e9"].Array[1, 30].Select(static letters => new string(letters))
        .Where(static local => !local.StartsWith("SRS1", StringComparison.OrdinalIgnoreCase));

    private static readonly Gen<string> Domains = Gen.Char["abcz019.-"].Array[1, 30].Select(static letters => new string(letters));

    [Fact]
    public void What_was_rewritten_leads_back() =>
        Gen.Select(Locals, Domains).Sample(static (local, domain) => Ours.Reverse(Ours.Forward(local, domain, Now), Now) == (local, domain));

    [Fact]
    public void What_another_rewrote_leads_back_to_him() =>
        Gen.Select(Locals, Domains, Domains).Sample(static (local, domain, forwarder) =>
        {
            string theirs = Theirs.Forward(local, domain, Now);
            return Ours.Reverse(Ours.Forward(theirs, forwarder, Now), Now) == (theirs, forwarder);
        });

    [Fact]
    public void A_chain_of_forwarders_stays_short_and_leads_back_to_the_first()
    {
        string first = Theirs.Forward("bob", "mail.test", Now);
        string second = Theirs.Forward(first, "first.test", Now);
        string third = Ours.Forward(second, "second.test", Now);
        Assert.StartsWith("SRS1=", third, StringComparison.Ordinal);
        Assert.DoesNotContain("second.test", third, StringComparison.Ordinal);
        Assert.Equal((first, "first.test"), Ours.Reverse(third, Now));
    }

    [Fact]
    public void What_somebody_else_made_leads_nowhere() =>
        Gen.Select(Locals, Domains).Sample(static (local, domain) => Ours.Reverse(Theirs.Forward(local, domain, Now), Now) is null);

    [Theory]
    [InlineData("=bob", "=eve")]
    [InlineData("mail.test", "mail.tent")]
    public void What_was_changed_leads_nowhere(string from, string to)
    {
        foreach (string made in new[] { Ours.Forward("bob", "mail.test", Now), Ours.Forward("SRS0=h=t=mail.test=bob", "mail.test", Now) })
        {
            Assert.NotNull(Ours.Reverse(made, Now));
            Assert.Null(Ours.Reverse(made.Replace(from, to, StringComparison.Ordinal), Now));
        }
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(21, true)]
    [InlineData(22, false)]
    [InlineData(500, false)]
    [InlineData(-1, true)]
    [InlineData(-2, false)]
    public void It_holds_three_weeks(int days, bool holds) =>
        Assert.Equal(holds, Ours.Reverse(Ours.Forward("bob", "mail.test", Now), Now.AddDays(days)) is not null);

    [Fact]
    public void Letters_may_change_their_case_on_the_way()
    {
        string made = Ours.Forward("Bob", "mail.test", Now);
        Assert.Equal(("bob", "mail.test"), Ours.Reverse(made.ToLowerInvariant(), Now));
        Assert.Equal(("BOB", "MAIL.TEST"), Ours.Reverse(made.ToUpperInvariant(), Now));
    }

    [Theory]
    [InlineData("bob")]
    [InlineData("SRS0=")]
    [InlineData("SRS0=a")]
    [InlineData("SRS0=a=b=c")]
    [InlineData("SRS0=a=b==d")]
    [InlineData("SRS1=a=b")]
    [InlineData("SRS1=a==b")]
    [InlineData("SRS2=a=b=c=d")]
    public void Anything_else_leads_nowhere(string local) => Assert.Null(Ours.Reverse(local, Now));
}
