using System.Text;
using CsCheck;
using Smxp.Mail.Smtp.Notifications;

namespace Smxp.Mail.Smtp.Tests.Notifications;

public sealed class DsnParameterTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a+2Bb+3Dc", "a+b=c")]
    [InlineData("+C3+A5", "å")]
    [InlineData("", "")]
    public void Decodes_xtext(string text, string expected)
    {
        Assert.True(Xtext.TryDecode(text, international: false, out string? decoded));
        Assert.Equal(expected, decoded);
    }

    [Theory]
    [InlineData("a+")]
    [InlineData("a+2")]
    [InlineData("a+2b")] // upper case alone
    [InlineData("a=b")]
    [InlineData("a b")]
    [InlineData("å")]
    [InlineData("+FF")] // not UTF-8
    public void Refuses_what_is_no_xtext(string text) => Assert.False(Xtext.TryDecode(text, international: false, out _));

    [Fact]
    public void Gives_back_every_text_that_was_encoded() =>
        Gen.String.Where(static text => !text.Any(char.IsSurrogate)).Sample(static text =>
        {
            string encoded = string.Concat(Encoding.UTF8.GetBytes(text).Select(static b => b is > 32 and < 127 and not ((byte)'+' or (byte)'=') ? $"{(char)b}" : $"+{b:X2}"));
            Assert.True(Xtext.TryDecode(encoded, international: false, out string? decoded));
            Assert.Equal(text, decoded);
        });

    [Fact]
    public void Never_throws() =>
        Gen.OneOf(Gen.Char["+=;,ABCDEF019 rfc"], Gen.Char).Array[0, 30].Select(static chars => new string(chars)).Sample(static text =>
        {
            _ = Xtext.TryDecode(text, international: true, out _);
            _ = DsnParameters.TryParseNotify(text, out _);
            _ = DsnParameters.TryParseReturn(text, out _);
            _ = DsnParameters.TryParseEnvelopeId(text, out _);
            _ = DsnParameters.TryParseOriginalRecipient($"utf-8;{text}", out _);
        }, iter: 20_000);

    [Theory]
    [InlineData("utf-8;ålice@exämple.test", "utf-8", "ålice@exämple.test")]
    [InlineData("RFC822;alice+40example.test", "RFC822", "alice@example.test")]
    public void Reads_original_recipients(string text, string type, string address)
    {
        Assert.True(DsnParameters.TryParseOriginalRecipient(text, out var recipient));
        Assert.Equal(new OriginalRecipient(type, address), recipient);
    }

    [Theory]
    [InlineData("rfc822;")]
    [InlineData(";alice@example.test")]
    [InlineData("rfc 822;alice@example.test")]
    [InlineData("rfc822;ålice@example.test")]
    [InlineData("rfc822;alice+0A@example.test")]
    public void Refuses_original_recipients(string text) => Assert.False(DsnParameters.TryParseOriginalRecipient(text, out _));

    [Theory]
    [InlineData("SUCCESS,FAILURE,DELAY", NotifyOn.Success | NotifyOn.Failure | NotifyOn.Delay)]
    [InlineData("never", NotifyOn.Never)]
    public void Reads_NOTIFY(string text, NotifyOn expected)
    {
        Assert.True(DsnParameters.TryParseNotify(text, out var notify));
        Assert.Equal(expected, notify);
    }

    [Theory]
    [InlineData("")]
    [InlineData("SUCCESS,")]
    [InlineData("SUCCESS,SUCCESS")]
    [InlineData("NEVER,SUCCESS")]
    [InlineData("ALWAYS")]
    public void Refuses_NOTIFY(string text) => Assert.False(DsnParameters.TryParseNotify(text, out _));
}
