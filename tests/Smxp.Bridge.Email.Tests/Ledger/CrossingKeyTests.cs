using Smxp.Bridge.Email.Ledger;

namespace Smxp.Bridge.Email.Tests.Ledger;

public sealed class CrossingKeyTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(9, 10)]
    [InlineData(1_784_000_000, 1_784_000_001)]
    [InlineData(9_999_999_998, 9_999_999_999)]
    public void The_later_line_is_listed_first(long earlier, long later)
    {
        Assert.True(string.CompareOrdinal(CrossingKey.Of(later, "zzz"), CrossingKey.Of(earlier, "aaa")) < 0);
        // What ends a sweep or begins a search lies between a second's lines and those of the next.
        Assert.True(string.CompareOrdinal(CrossingKey.Of(later, "~"), CrossingKey.From(earlier)) < 0);
        Assert.True(string.CompareOrdinal(CrossingKey.From(earlier), CrossingKey.Of(earlier, "-")) < 0);
    }

    [Fact]
    public void Says_which_message_a_line_is_about()
    {
        Assert.Equal(("message", null), CrossingKey.Parse(CrossingKey.Of(5, "message")));
        Assert.Equal(("message", "entry"), CrossingKey.Parse(CrossingKey.Of(5, "message", "entry")));
        Assert.Equal((null, null), CrossingKey.Parse(CrossingKey.OfNone(5, "hash")));
    }
}
