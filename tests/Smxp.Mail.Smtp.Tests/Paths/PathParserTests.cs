using CsCheck;
using Smxp.Mail.Smtp.Paths;

namespace Smxp.Mail.Smtp.Tests.Paths;

public sealed class PathParserTests
{
    [Theory]
    [InlineData("<alice@example.test>", "alice", "example.test")]
    [InlineData("<>", "", "")]
    [InlineData("<Postmaster>", "Postmaster", "")]
    [InlineData("<a.b+c=d@example.test>", "a.b+c=d", "example.test")]
    [InlineData("<\"a b\"@example.test>", "a b", "example.test")]
    [InlineData("<\"a\\\"b\\\\\"@example.test>", "a\"b\\", "example.test")]
    [InlineData("<@one.test,@two.test:alice@example.test>", "alice", "example.test")]
    [InlineData("<alice@[192.0.2.1]>", "alice", "[192.0.2.1]")]
    [InlineData("<alice@[IPv6:2001:db8::1]>", "alice", "[IPv6:2001:db8::1]")]
    [InlineData("<ålice@exämple.test>", "ålice", "exämple.test")]
    public void Reads(string text, string local, string domain) => Assert.Equal(new MailPath(local, domain), Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("alice@example.test")]
    [InlineData("<alice>")]
    [InlineData("<alice@>")]
    [InlineData("<@example.test>")]
    [InlineData("<.alice@example.test>")]
    [InlineData("<al..ice@example.test>")]
    [InlineData("<alice@example..test>")]
    [InlineData("<alice@-example.test>")]
    [InlineData("<alice@example.test")]
    [InlineData("<al ice@example.test>")]
    [InlineData("<alice@bob@example.test>")]
    [InlineData("<\"alice@example.test>")]
    [InlineData("<\"\"@example.test>")]
    [InlineData("<alice@[1]>")]
    [InlineData("<alice@[192.0.2.256]>")]
    [InlineData("<alice@[IPv6:fe80::1%eth0]>")]
    [InlineData("<alice@exa_mple.test>")]
    [InlineData("<@one.test:>")]
    [InlineData("<aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@example.test>")]
    public void Refuses(string text) => Assert.Null(Parse(text));

    [Fact]
    public void Reads_back_what_it_writes()
    {
        var local = Gen.Char[' ', '~'].Array[1, 60].Select(static chars => new string(chars));
        var domain = Gen.Char["abc123-"].Array[1, 20].Select(static chars => $"a{new string(chars)}z.test");
        Gen.Select(local, domain).Sample((l, d) => Assert.Equal(new MailPath(l, d), Parse(new MailPath(l, d).ToString())));
    }

    [Fact]
    public void Never_throws()
    {
        var characters = Gen.OneOf(Gen.Char["<>@.,:\"\\[] a-"], Gen.Char);
        characters.Array[0, 40].Select(static chars => new string(chars)).Sample(static text => _ = Parse("<" + text), iter: 20_000);
    }

    private static MailPath? Parse(string text)
    {
        var rest = text.AsSpan();
        return PathParser.TryRead(ref rest, out var path) && rest.IsEmpty ? path : null;
    }
}
