using System.Text.RegularExpressions;
using CsCheck;
using Smxp.Host.Mail.Routing;
using Smxp.Protocol;

namespace Smxp.Host.Tests.Mail;

public sealed class RouteTests
{
    [Theory]
    [InlineData("info", "info", true)]
    [InlineData("info", "information", false)]
    [InlineData("info*", "info", true)]
    [InlineData("*", "anything", true)]
    [InlineData("a*b*c", "aXXbYYbc", true)]
    [InlineData("a*b*c", "aXXbYY", false)]
    [InlineData("**", "", true)]
    public void Fits_the_whole_local_part(string pattern, string local, bool expected) => Assert.Equal(expected, new Route(pattern, Target).Matches(local));

    [Fact]
    public void Means_what_the_same_regular_expression_means()
    {
        Gen<string> texts = Gen.Char["ab."].Array[0, 8].Select(static c => new string(c));
        Gen<string> patterns = Gen.Char["ab.*"].Array[1, 8].Select(static c => new string(c));
        Gen.Select(patterns, texts).Sample(static (pattern, text) =>
            new Route(pattern, Target).Matches(text) == Regex.IsMatch(text, "^(?:" + Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal) + ")\\z"));
    }

    private static Address Target => Address.Parse("a@example.test");
}
