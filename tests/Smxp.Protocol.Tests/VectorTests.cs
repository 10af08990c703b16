using System.Security.Cryptography;
using System.Text;
using Smxp.Protocol.Tests.Vectors;

namespace Smxp.Protocol.Tests;

/// <summary>The published vectors, but for the signatures themselves (the signature plugins' tests verify those).</summary>
public sealed class VectorTests
{
    [Fact]
    public void There_are_seventy_four_cases() => Assert.Equal(74, VectorCase.All.Count);

    [Theory]
    [MemberData(nameof(VectorCase.ValidNames), MemberType = typeof(VectorCase))]
    public void Parses_and_recomputes_the_content_id(string name)
    {
        var vector = VectorCase.Named(name);
        Assert.True(SignedEnvelope.TryParse(vector.WireBytes, out var envelope, out string? error), error);
        Assert.Equal(vector.Id, envelope.Envelope.Id);
        Assert.Equal(vector.Id, ContentId.Compute(envelope.Envelope));
        Assert.Equal(vector.Id, System.Buffers.Text.Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(vector.IdPreimage!))));
    }

    [Theory]
    [MemberData(nameof(VectorCase.ValidNames), MemberType = typeof(VectorCase))]
    public void First_signed_text_is_the_one_signed(string name)
    {
        var vector = VectorCase.Named(name);
        Assert.True(SignedEnvelope.TryParse(vector.WireBytes, out var envelope, out _));
        Assert.Equal(vector.SignedText, Encoding.UTF8.GetString(envelope.SignedTexts().First().Span));
    }

    [Theory]
    [MemberData(nameof(VectorCase.ValidNames), MemberType = typeof(VectorCase))]
    public void Another_writing_of_the_same_envelope_has_the_same_signed_text(string name)
    {
        var vector = VectorCase.Named(name);
        byte[] spaced = Encoding.UTF8.GetBytes(Respell(vector.Wire));
        Assert.True(SignedEnvelope.TryParse(spaced, out var envelope, out string? error), error);
        Assert.Equal(vector.SignedText, Encoding.UTF8.GetString(envelope.SignedTexts().First().Span));
        Assert.Equal(vector.Id, ContentId.Compute(envelope.Envelope));
    }

    [Theory]
    [MemberData(nameof(VectorCase.ValidNames), MemberType = typeof(VectorCase))]
    public void Signing_the_values_again_writes_the_schema_order_case(string name)
    {
        var vector = VectorCase.Named(name);
        Assert.True(SignedEnvelope.TryParse(vector.WireBytes, out var received, out _));
        var signed = SignedEnvelope.Sign(received.Envelope, received.Envelope.ServerKeyId, _ =>
            System.Buffers.Text.Base64Url.DecodeFromChars(received.Envelope.ServerSignature));
        string schemaOrder = VectorCase.Named(name.Replace("creation", "schema", StringComparison.Ordinal)).SignedText!;
        Assert.Equal(schemaOrder, Encoding.UTF8.GetString(signed.SignedTexts().Single(t => t.Span.SequenceEqual(Encoding.UTF8.GetBytes(schemaOrder))).Span));
        Assert.Equal(vector.Id, signed.Envelope.Id);
    }

    [Theory]
    [MemberData(nameof(VectorCase.ValidNames), MemberType = typeof(VectorCase))]
    public void Is_canonical_already(string name)
    {
        var vector = VectorCase.Named(name);
        Assert.Equal(vector.Wire, Encoding.UTF8.GetString(CanonicalJson.Canonicalize(vector.WireBytes)));
    }

    /// <summary>Blanks between the tokens and escapes where none are needed.</summary>
    private static string Respell(string json)
    {
        var text = new StringBuilder();
        bool quoted = false, escaped = false;
        int digits = 0;
        foreach (char c in json)
        {
            if (escaped && c == 'u') digits = 6;
            digits = Math.Max(digits - 1, 0);
            if (!quoted && c is ':' or ',' or '{' or '[') text.Append(' ').Append(c).Append("\n\t");
            else if (quoted && !escaped && digits == 0 && char.IsAsciiLetterLower(c)) text.Append("\\u").Append(((int)c).ToString("X4", null));
            else text.Append(c);
            if (!escaped && c == '"') quoted = !quoted;
            escaped = quoted && !escaped && c == '\\';
        }

        return text.ToString();
    }
}
