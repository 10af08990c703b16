using CsCheck;
using Smxp.Mail.Authentication.Results;

namespace Smxp.Mail.Authentication.Tests.Results;

public sealed class AuthenticationResultsTests
{
    // RFC 8601 appendix B, and what a large sender writes.
    [Theory]
    [InlineData("example.org 1; none", "example.org", "")]
    [InlineData("example.com; spf=pass smtp.mailfrom=example.net", "example.com", "spf=pass smtp.mailfrom=example.net")]
    [InlineData("example.com; auth=pass (cram-md5) smtp.auth=sender@example.net; spf=pass smtp.mailfrom=example.net", "example.com", "auth=pass smtp.auth=sender@example.net|spf=pass smtp.mailfrom=example.net")]
    [InlineData("example.com; dkim=pass (good signature) header.d=example.com; \r\n\tdkim=fail (bad signature) header.d=newyork.example.com", "example.com", "dkim=pass header.d=example.com|dkim=fail header.d=newyork.example.com")]
    [InlineData("foo.example.net (foobar) 1 (baz); dkim (Because I like it) / 1 (One yay) = (wait for it) fail policy (A dot can go here) . (like that) expired (this surprised me) = (as I wasn't expecting it) 1362471462", "foo.example.net", "dkim=fail policy.expired=1362471462")]
    [InlineData("mx.example.com; dkim=pass header.i=@example.net header.s=s1 header.b=\"a/b+c\"; spf=pass (domain of x@example.net designates 2001:db8::1) smtp.mailfrom=x@example.net; dmarc=pass (p=NONE dis=NONE) header.from=example.net;", "mx.example.com",
        "dkim=pass header.i=@example.net header.s=s1 header.b=a/b+c|spf=pass smtp.mailfrom=x@example.net|dmarc=pass header.from=example.net")]
    [InlineData("mx; dkim=fail reason=\"bad \\\"hash\\\"\" header.b=ab/cd==", "mx", "dkim=fail (bad \"hash\") header.b=ab/cd==")]
    public void Reads(string value, string id, string results)
    {
        Assert.True(AuthenticationResults.TryParse(value, out var parsed));
        Assert.Equal(id, parsed.AuthservId);
        Assert.Equal(results, string.Join('|', parsed.Results.Select(Text)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("example.com")]
    [InlineData("; spf=pass")]
    [InlineData("example.com;")]
    [InlineData("example.com; none; spf=pass")]
    [InlineData("example.com; spf=pass; none")]
    [InlineData("example.com; spf")]
    [InlineData("example.com; spf=")]
    [InlineData("example.com; spf=pass smtp.mailfrom")]
    [InlineData("example.com; spf=pass smtp=x")]
    [InlineData("example.com; spf=pass smtp.mailfrom=")]
    [InlineData("example.com; spf=pass (never closed smtp.mailfrom=x")]
    [InlineData("example.com spf=pass")]
    [InlineData("exam ple; spf=pass")]
    [InlineData("example.com; spf=pass reason=\"open")]
    public void Refuses(string value) => Assert.False(AuthenticationResults.TryParse(value, out _));

    [Theory]
    [InlineData("mx.example.com; spf=pass", true)]
    [InlineData(" (hi) MX.Example.COM 1 ; nonsense=!", true)]
    [InlineData("\"mx.example.com\"; spf=pass", true)]
    [InlineData("mx.example.com.; spf=pass", true)]
    [InlineData("mx.example.com", true)]
    [InlineData("\r\n\tmx.example.com;\r\n\tspf=pass", true)]
    [InlineData("mx.example.com/1; spf=pass", true)]
    [InlineData("(unclosed mx.example.com; spf=pass", true)]
    [InlineData("other.example; spf=pass", false)]
    [InlineData("xmx.example.com; spf=pass", false)]
    [InlineData("other.example; x-note=mx.example.com", false)]
    public void Knows_what_claims_to_be_ours(string value, bool ours) => Assert.Equal(ours, AuthenticationResults.Claims(value, "mx.example.com"));

    [Fact]
    public void Writes_nothing_that_could_be_another_field()
    {
        string text = new AuthenticationResults("mx.example.com", [new("spf", "fail", "bad\r\nX-Evil: 1", [new("smtp", "mailfrom", "\"; dkim=pass\r\nBcc: x\"@example.net")])]).ToString();
        Assert.DoesNotContain(text.Split("\r\n"), static line => line.StartsWith('X') || line.StartsWith('B'));
        Assert.True(AuthenticationResults.TryParse(text, out var parsed));
        Assert.Single(parsed.Results);
    }

    [Fact]
    public void Reads_back_what_it_writes()
    {
        var word = Gen.Char["abcXYZ019-"].Array[1, 12].Select(static chars => new string(chars));
        var value = Gen.OneOf(Gen.Char[' ', '~'].Array[1, 60].Select(static chars => new string(chars)), word.Select(static text => $"@{text}.example"), word.Select(static text => $"user@{text}.example"));
        var property = Gen.Select(word, word, value).Select(static (type, name, text) => new ResultProperty(type, name, text));
        var result = Gen.Select(word, word, value, property.Array[0, 5]).Select(static (method, outcome, reason, properties) => new MethodResult(method.ToLowerInvariant() + "m", outcome.ToLowerInvariant(), reason, properties));
        Gen.Select(value, result.Array[0, 4]).Sample(static (id, results) =>
        {
            string text = new AuthenticationResults(id, results).ToString();
            Assert.True(AuthenticationResults.TryParse(text, out var parsed), text);
            Assert.Equal(id, parsed.AuthservId);
            Assert.Equal(results.Select(Text), parsed.Results.Select(Text));
        }, iter: 2_000);
    }

    [Fact]
    public void Never_throws()
    {
        string[] words = ["mx.example", ";", "spf", "=", "pass", " ", "(", ")", "\"", "\\", "smtp", ".", "mailfrom", "@", "none", "reason", "/", "\r\n\t"];
        var word = Gen.Int[0, words.Length - 1].Select(i => words[i]);
        Gen.OneOf(word, word, word, Gen.Char.Select(static c => c.ToString())).Array[0, 40].Select(static parts => string.Concat(parts)).Sample(static text =>
        {
            _ = AuthenticationResults.Claims(text, "mx.example");
            return AuthenticationResults.TryParse(text, out var parsed) == (parsed is not null);
        }, iter: 20_000);
    }

    private static string Text(MethodResult result) =>
        string.Concat($"{result.Method}={result.Result}{(result.Reason is null ? "" : $" ({result.Reason})")}", string.Concat(result.Properties.Select(static property => $" {property.Type}.{property.Name}={property.Value}")));
}
