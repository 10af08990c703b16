using System.Text;
using Smxp.Protocol.Tests.Vectors;

namespace Smxp.Protocol.Tests;

/// <summary>Thousands of broken inputs, the same in every run. Readers answer; they never throw anything but what they document.</summary>
public sealed class FuzzTests
{
    private static readonly byte[][] Tokens =
        [.. new[] { "\"", "\\", "\\u", "\\ud800", "{", "}", "[", "]", ",", ":", "null", "1e999", "-", "\0", "\u2028", "é", "{\"a\":", "\"id\":", "\"attachments\":[", "[[[[" }
            .Select(Encoding.UTF8.GetBytes)];

    [Fact]
    public void Envelopes_are_read_or_refused()
    {
        int accepted = 0;
        foreach (var (input, _) in Mutations(VectorCase.All.Select(v => v.WireBytes).ToArray(), 20_000))
        {
            if (!SignedEnvelope.TryParse(input, out var envelope, out string? error))
            {
                Assert.False(string.IsNullOrEmpty(error));
                continue;
            }

            // What is accepted can be worked with: all its texts exist, and it survives being signed again.
            accepted++;
            Assert.All(envelope.SignedTexts(), text => Assert.Equal(CanonicalJson.Canonicalize(text.Span), text.ToArray()));
            var signed = SignedEnvelope.Sign(envelope.Envelope, envelope.Envelope.ServerKeyId, _ => [1, 2, 3]);
            Assert.True(SignedEnvelope.TryParse(signed.Utf8, out _, out error), error);
        }

        Assert.InRange(accepted, 100, 19_900);
    }

    [Fact]
    public void Canonical_JSON_is_written_or_refused()
    {
        foreach (var (input, _) in Mutations(VectorCase.All.Select(v => v.WireBytes).ToArray(), 10_000))
        {
            try
            {
                byte[] canonical = CanonicalJson.Canonicalize(input);
                Assert.Equal(canonical, CanonicalJson.Canonicalize(canonical));
            }
            catch (FormatException)
            {
                // documented
            }
        }
    }

    [Fact]
    public void Signed_requests_are_read_or_refused()
    {
        byte[] request = Encoding.UTF8.GetBytes(
            """{"from":"a@b","to":"c@d","name":"\ud800","body":"x","delegator":"e@f","timestamp":1,"server_signature":"AA","server_key_id":"k"}""");
        foreach (var (input, _) in Mutations([request], 10_000))
        {
            if (!SignedRequest.TryParse(input, out var parsed, out _)) continue;
            Assert.NotEmpty(parsed.SignedTexts(SignedRequest.DelegateSendSchemaOrder, SignedRequest.DelegateSendCreationOrder).ToList());
            parsed.GetText("name");
            parsed.GetText("timestamp");
        }
    }

    [Fact]
    public void Forwards_are_read_or_refused()
    {
        foreach (var (_, text) in Mutations(VectorCase.All.Select(v => v.WireBytes).ToArray(), 5_000))
        {
            Assert.Equal(ForwardedEnvelope.TryParse(text, out _, out string? error), error is null);
        }
    }

    [Fact]
    public void Service_bindings_are_read_or_refused()
    {
        string[] texts = ["1 gw.example.com. alpn=h2,h3 port=7777 ipv4hint=1.2.3.4 ipv6hint=::1 mandatory=alpn,port key667=\"a\\210b\"", "\\# 10 000100000300020035", "0 a.test."];
        Assert.True(ServiceBinding.TryParse(texts[0], out var binding));
        foreach (var (rdata, _) in Mutations([binding.ToRdata()], 20_000))
        {
            if (ServiceBinding.TryParse(rdata, out var parsed)) Assert.True(ServiceBinding.TryParse(parsed.ToString(), out _) && ServiceBinding.TryParse(parsed.ToRdata(), out _));
        }

        foreach (var (_, text) in Mutations([.. texts.Select(Encoding.UTF8.GetBytes)], 20_000))
        {
            if (ServiceBinding.TryParse(text, out var parsed)) Assert.True(ServiceBinding.TryParse(parsed.ToRdata(), out _), text);
        }
    }

    [Fact]
    public void Other_texts_are_read_or_refused()
    {
        string[] texts = ["v=SMXP1; k=ML-DSA-65; kid=YWFhYQ; fp=sha256:SHuYbrRE2-jM7w0letKuJ3G9zUdnJMPjlrM4qeU-iyI", "require-sig=yes; max-size=25m; accept-from=*", "alice@bücher.test"];
        foreach (var (_, text) in Mutations([.. texts.Select(Encoding.UTF8.GetBytes)], 20_000))
        {
            if (KeyRecord.TryParse(text, out var key)) Assert.True(KeyRecord.TryParse(key.ToString(), out _));
            if (PolicyRecord.TryParse(text, out var policy)) Assert.True(policy.MaxSize >= 0);
            if (Address.TryParse(text, out var address)) Assert.Equal(address, Address.Parse(address.ToString()));
            Cursor.TryDecode(text, out _);
        }
    }

    /// <summary>Seeds with bytes changed, cut, doubled, and tokens strewn in; as bytes, and as the text they more or less are.</summary>
    private static IEnumerable<(byte[] Bytes, string Text)> Mutations(byte[][] seeds, int count)
    {
        var random = new Random(20260101);
        for (int n = 0; n < count; n++)
        {
            var bytes = new List<byte>(seeds[random.Next(seeds.Length)]);
            for (int i = random.Next(1, 5); i > 0 && bytes.Count > 0; i--)
            {
                int at = random.Next(bytes.Count);
                switch (random.Next(6))
                {
                    case 0: bytes[at] = (byte)random.Next(256); break;
                    case 1: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                    case 2: bytes.RemoveRange(at, Math.Min(random.Next(1, 20), bytes.Count - at)); break;
                    case 3: bytes.InsertRange(at, Tokens[random.Next(Tokens.Length)]); break;
                    case 4: bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 60), bytes.Count - at))); break;
                    default: bytes.RemoveRange(at, random.Next(8) == 0 ? bytes.Count - at : 1); break;
                }
            }

            byte[] result = [.. bytes];
            yield return (result, Encoding.UTF8.GetString(result));
        }
    }
}
