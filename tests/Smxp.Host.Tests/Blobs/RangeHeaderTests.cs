using CsCheck;
using Smxp.Host.Blobs;

namespace Smxp.Host.Tests.Blobs;

public class RangeHeaderTests
{
    [Theory]
    [InlineData("bytes=0-4", "0-4")]
    [InlineData("BYTES=0-4", "0-4")]
    [InlineData("bytes=5-", "5-9")]
    [InlineData("bytes=-3", "7-9")]
    [InlineData("bytes=-300", "0-9")]
    [InlineData("bytes=8-300", "8-9")]
    [InlineData("bytes=0-0, 2-3 ,,-1", "0-0 2-3 9-9")]
    [InlineData("bytes=0-99999999999999999999999999", "0-9")]
    [InlineData("bytes=3-4,20-30", "3-4")]
    [InlineData("bytes=10-", "")]
    [InlineData("bytes=-0", "")]
    [InlineData("bytes=99999999999999999999999999-", "")]
    public void Reads_ranges(string header, string expected) => Assert.Equal(expected, Show(header));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("bytes")]
    [InlineData("bytes=")]
    [InlineData("bytes=-")]
    [InlineData("bytes=,")]
    [InlineData("bytes=4-2")]
    [InlineData("bytes=a-b")]
    [InlineData("bytes=0x1-2")]
    [InlineData("bytes=-1-2")]
    [InlineData("bytes=1 -2")]
    [InlineData("bytes=٣-٤")]
    [InlineData("lines=0-4")]
    [InlineData("bytes=0-4,bytes=6-7")]
    [InlineData("bytes=0-4,4-5")]
    [InlineData("bytes=0-,-1")]
    [InlineData("bytes=0-0,1-1,2-2,3-3,4-4,5-5,6-6,7-7,8-8,9-9,0-0,0-0,0-0,0-0,0-0,0-0,0-0")]
    public void Ignores_what_is_malformed_or_greedy(string? header) => Assert.Null(RangeHeader.Read(header, 10));

    [Fact]
    public void Never_answers_anything_beyond_the_end() =>
        Gen.Select(Gen.String[Gen.Char["0123456789-, "], 0, 30], Gen.Long[1, 100]).Sample((text, size) =>
            RangeHeader.Read("bytes=" + text, size)?.All(range => range.First >= 0 && range.First <= range.Last && range.Last < size) ?? true);

    private static string Show(string header) => string.Join(' ', RangeHeader.Read(header, 10)!.Select(range => $"{range.First}-{range.Last}"));
}
