using System.Diagnostics;
using System.Text;
using CsCheck;

namespace Smxp.Protocol.Tests;

public sealed class CanonicalJsonTests
{
    [Theory]
    [InlineData("1e21", "1e+21")]
    [InlineData("123456789012345680000", "123456789012345680000")]
    [InlineData("1e-7", "1e-7")]
    [InlineData("0.000001", "0.000001")]
    [InlineData("-0", "0")]
    [InlineData("-0.0", "0")]
    [InlineData("1.0", "1")]
    [InlineData("1e3", "1000")]
    [InlineData("9007199254740993", "9007199254740992")]
    [InlineData("1e400", "null")]
    [InlineData("-1e400", "null")]
    [InlineData("5e-324", "5e-324")]
    [InlineData("-123.456E-20", "-1.23456e-18")]
    [InlineData("1.7976931348623157e308", "1.7976931348623157e+308")]
    public void Numbers_are_ECMAScript_doubles(string json, string expected) => AssertCanonical(expected, json);

    [Theory]
    [InlineData("""{"b":1,"a":2}""", """{"b":1,"a":2}""")]
    [InlineData("""{"a":1,"b":2,"a":3}""", """{"a":3,"b":2}""")]
    [InlineData("""{"z":1,"10":2,"2":3,"a":4}""", """{"2":3,"10":2,"z":1,"a":4}""")]
    [InlineData("""{"4294967295":1,"4294967294":2,"01":3,"0":4,"-1":5}""", """{"0":4,"4294967294":2,"4294967295":1,"01":3,"-1":5}""")]
    [InlineData("""{"__proto__":1,"a":{"__proto__":null}}""", """{"__proto__":1,"a":{"__proto__":null}}""")]
    [InlineData("{\"\\u0061\":1,\"a\":2}", """{"a":2}""")]
    [InlineData("""{"a":{"y":1,"1":2,"y":3},"a":{"x":1}}""", """{"a":{"x":1}}""")]
    [InlineData(" [ 1 , { } , [ ] ] ", "[1,{},[]]")]
    public void Members_have_ECMAScript_order(string json, string expected) => AssertCanonical(expected, json);

    [Theory]
    [InlineData("\"\\/\\u002f\\u003c<>&'+\\u007f\"", "\"//<<>&'+\u007f\"")]
    [InlineData("\"\\u2028\u2028\\u00e9\"", "\"\u2028\u2028é\"")]
    [InlineData("\"\\uD83D\\uDE00\"", "\"😀\"")]
    [InlineData("\"\\uD83Dx\\uDE00\"", "\"\\ud83dx\\ude00\"")]
    [InlineData("\"\\uDE00\\uD83D\"", "\"\\ude00\\ud83d\"")]
    [InlineData("\"\\uD83D\\uD83D\\uDE00\"", "\"\\ud83d😀\"")]
    [InlineData("\"\\u0000\\u001F\\b\\u0008\\u000B\"", "\"\\u0000\\u001f\\b\\b\\u000b\"")]
    public void Strings_are_escaped_only_where_they_must(string json, string expected) => AssertCanonical(expected, json);

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("{")]
    [InlineData("{}{}")]
    [InlineData("[1,]")]
    [InlineData("{\"a\":1,}")]
    [InlineData("01")]
    [InlineData("+1")]
    [InlineData(".5")]
    [InlineData("NaN")]
    [InlineData("'a'")]
    [InlineData("\"\n\"")]
    [InlineData("\"\\x\"")]
    [InlineData("\"\\ud83\"")]
    [InlineData("// c\n1")]
    [InlineData("\ufeff1")]
    [InlineData("nul")]
    public void Refuses_what_is_not_JSON(string json) =>
        Assert.Throws<FormatException>(() => CanonicalJson.Canonicalize(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void Refuses_what_is_not_UTF8()
    {
        Assert.Throws<FormatException>(() => CanonicalJson.Canonicalize([(byte)'"', 0xff, (byte)'"']));
        Assert.Throws<FormatException>(() => CanonicalJson.Canonicalize([(byte)'"', 0xc3, (byte)'"']));
        Assert.Throws<FormatException>(() => CanonicalJson.Canonicalize([(byte)'"', 0xed, 0xa0, 0x80, (byte)'"']));
    }

    [Fact]
    public void Goes_sixty_four_deep_and_no_deeper()
    {
        string deep = new string('[', 64) + new string(']', 64);
        AssertCanonical(deep, deep);
        Assert.Throws<FormatException>(() => CanonicalJson.Canonicalize(Encoding.UTF8.GetBytes($"[{deep}]")));
        Assert.Throws<FormatException>(() => CanonicalJson.Canonicalize(Encoding.UTF8.GetBytes(new string('[', 1_000_000))));
    }

    [Fact]
    public void Is_a_fixed_point() => JsonTexts.Texts.Sample(json =>
    {
        byte[] once = CanonicalJson.Canonicalize(Encoding.UTF8.GetBytes(json));
        Assert.Equal(once, CanonicalJson.Canonicalize(once));
    });

    [Fact]
    public void Many_members_cost_little_time_whatever_their_names()
    {
        var clock = Stopwatch.StartNew();
        string same = string.Join(',', Enumerable.Repeat("\"a\":1", 200_000));
        AssertCanonical("{\"a\":1}", $"{{{same}}}");
        string falling = string.Join(',', Enumerable.Range(0, 200_000).Reverse().Select(i => $"\"{i}\":1"));
        string rising = string.Join(',', Enumerable.Range(0, 200_000).Select(i => $"\"{i}\":1"));
        AssertCanonical($"{{{rising}}}", $"{{{falling}}}");
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(60), $"took {clock.Elapsed}");
    }

    [FactIfNode]
    public void Is_what_a_JavaScript_engine_makes_of_it() => JsonTexts.Texts.Array[1000].Sample(
        texts =>
        {
            string[] theirs = AskNode(texts);
            for (int i = 0; i < texts.Length; i++)
            {
                string ours = Encoding.UTF8.GetString(CanonicalJson.Canonicalize(Encoding.UTF8.GetBytes(texts[i])));
                Assert.True(theirs[i] == ours, $"{texts[i]}\nnode: {theirs[i]}\nours: {ours}");
            }
        },
        iter: 10,
        threads: 1);

    /// <summary>One text a line, base64, so that no newline in a text matters.</summary>
    private static string[] AskNode(string[] texts)
    {
        const string Script =
            "const rl=require('readline').createInterface({input:process.stdin});"
            + "rl.on('line',l=>{const t=Buffer.from(l,'base64').toString('utf8');console.log(Buffer.from(JSON.stringify(JSON.parse(t)),'utf8').toString('base64'))})";
        using var node = Process.Start(new ProcessStartInfo(FactIfNodeAttribute.Node!, ["-e", Script]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        var answers = Task.Run(() => node.StandardOutput.ReadToEnd());
        foreach (string text in texts) node.StandardInput.WriteLine(Convert.ToBase64String(Encoding.UTF8.GetBytes(text)));
        node.StandardInput.Close();
        string[] lines = answers.GetAwaiter().GetResult().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(texts.Length, lines.Length);
        return [.. lines.Select(line => Encoding.UTF8.GetString(Convert.FromBase64String(line)))];
    }

    private static void AssertCanonical(string expected, string json) =>
        Assert.Equal(expected, Encoding.UTF8.GetString(CanonicalJson.Canonicalize(Encoding.UTF8.GetBytes(json))));
}
