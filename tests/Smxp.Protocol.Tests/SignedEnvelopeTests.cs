using System.Text;
using System.Text.Json;
using CsCheck;
using Smxp.Protocol.Tests.Vectors;

namespace Smxp.Protocol.Tests;

public sealed class SignedEnvelopeTests
{
    private const string Minimal = """{"version":"SMXP/1.0","id":"i","from":"alice@peer.test","to":"bob@local.test","timestamp":1,"conversation_id":"c","server_signature":"AA","server_key_id":"k"}""";

    private static readonly Gen<string?> Optional = Gen.OneOf(Gen.Const((string?)null), JsonTexts.Strings.Select(s => (string?)s));

    private static readonly Gen<Attachment> Attachments = Gen.Select(Optional, Optional, Gen.Long[0, 1L << 52], Gen.Bool, (name, type, size, encrypted) => new Attachment
    {
        BlobId = "blob_a",
        Host = "peer.test",
        Sha256 = new string('a', 64),
        Size = size,
        Name = name,
        Disposition = encrypted ? "inline" : null,
        Port = encrypted ? 7777 : null,
        Encryption = encrypted ? new BlobEncryption { Key = "k", NoncePrefix = "n", ChunkSize = 1, PlaintextSize = size, PlaintextSha256 = new string('b', 64) } : null,
        Thumbnail = encrypted ? JsonElement.Parse("""{"10":"\ud83d\ude00","2":1.50,"a":1,"a":2}""") : null,
    });

    private static readonly Gen<Envelope> Envelopes = Gen.Select(Optional, Optional, Optional, Gen.Long[0, 1L << 52], Gen.Bool, Attachments.Array[0, 3], (name, subject, body, time, flag, attachments) => new Envelope
    {
        From = "alice@peer.test",
        To = "bob@local.test",
        Timestamp = flag ? -time : time,
        ConversationId = "conversation",
        Type = flag ? EnvelopeType.Edit : EnvelopeType.Message,
        ContentType = flag ? "markdown" : "application/x",
        Name = name,
        Subject = subject,
        Body = body,
        InReplyTo = flag ? "an id" : "",
        Expires = flag ? time : null,
        Attachments = attachments,
    });

    [Fact]
    public void What_is_signed_parses_back_to_the_same() => Envelopes.Sample(envelope =>
    {
        byte[]? covered = null;
        var signed = SignedEnvelope.Sign(envelope, "key", text => (covered = text.ToArray())[..3]);
        Assert.True(SignedEnvelope.TryParse(signed.Utf8, out var parsed, out string? error), error);
        Assert.Equal(covered, parsed.SignedTexts().First().ToArray());
        Assert.Equal(covered, signed.SignedTexts().First().ToArray());
        Assert.Equal(signed.Utf8.ToArray(), CanonicalJson.Canonicalize(signed.Utf8.Span));
        Assert.Equal(ContentId.Compute(parsed.Envelope), parsed.Envelope.Id);
        Assert.Equal(string.IsNullOrEmpty(envelope.Body) ? null : envelope.Body, parsed.Envelope.Body);
        Assert.Equal(string.IsNullOrEmpty(envelope.Subject) ? null : envelope.Subject, parsed.Envelope.Subject);
        Assert.Equal(string.IsNullOrWhiteSpace(envelope.Name) ? null : envelope.Name, parsed.Envelope.Name);
        Assert.Equal(envelope.Attachments.Select(a => a.Name), parsed.Envelope.Attachments.Select(a => a.Name));
        Assert.Equal("key", parsed.Envelope.ServerKeyId);
    });

    [Fact]
    public void Offers_the_three_orders_once_each()
    {
        string wire = Minimal.Replace("\"from\"", "\"extra\":1,\"from\"", StringComparison.Ordinal);
        Assert.True(SignedEnvelope.TryParse(Encoding.UTF8.GetBytes(wire), out var envelope, out _));
        Assert.Equal(
            [
                """{"version":"SMXP/1.0","id":"i","extra":1,"from":"alice@peer.test","to":"bob@local.test","timestamp":1,"conversation_id":"c"}""",
                """{"version":"SMXP/1.0","id":"i","from":"alice@peer.test","to":"bob@local.test","timestamp":1,"conversation_id":"c","type":"message","content_type":"text"}""",
                """{"version":"SMXP/1.0","id":"i","from":"alice@peer.test","to":"bob@local.test","timestamp":1,"type":"message","conversation_id":"c","content_type":"text"}""",
            ],
            envelope.SignedTexts().Select(t => Encoding.UTF8.GetString(t.Span)));

        Assert.True(SignedEnvelope.TryParse(VectorCase.All[0].WireBytes, out envelope, out _));
        Assert.Equal(2, envelope.SignedTexts().Count());
    }

    [Theory]
    [InlineData("""{"server_signature":"AA","server_key_id":"k",REST}""")]
    [InlineData("""{"server_key_id":"k",REST,"server_signature":"AA"}""")]
    [InlineData("""{REST,"server_key_id":"k","server_signature":"AA"}""")]
    [InlineData("""{"server_signature":"AA",REST,"server_key_id":"k"}""")]
    [InlineData("""{REST,"server_signature":"AA","server_key_id":"k","z":{"server_signature":1}}""", ",\"z\":{\"server_signature\":1}")]
    [InlineData("""{REST,"server_signature":"AA","y":1,"server_key_id":"k","z":2}""", ",\"y\":1,\"z\":2")]
    [InlineData("""{REST,"server_signature":"no","server_key_id":"k","server_signature":"AA"}""")]
    [InlineData("""{REST, "server_signature" : "AA", "server_key_id" : "k" }""")]
    [InlineData("""{REST,"server_signatur\u0065":"AA","server_key_id":"k"}""")]
    public void The_signature_members_may_stand_anywhere(string wire, string more = "")
    {
        const string Rest = """ "version":"SMXP/1.0","id":"i","from":"alice@peer.test","to":"bob@local.test","timestamp":1,"conversation_id":"c" """;
        Assert.True(SignedEnvelope.TryParse(Encoding.UTF8.GetBytes(wire.Replace("REST", Rest.Trim(), StringComparison.Ordinal)), out var envelope, out string? error), error);
        Assert.Equal($"{{{Rest.Trim()}{more}}}", Encoding.UTF8.GetString(envelope.SignedTexts().First().Span));
        Assert.Equal("AA", envelope.Envelope.ServerSignature);
    }

    [Theory]
    [InlineData("\"version\":\"SMXP/1.0\"", "\"version\":\"SMXP/2.0\"", "version")]
    [InlineData("\"version\":\"SMXP/1.0\",", "", "version")]
    [InlineData("\"id\":\"i\"", "\"id\":\"\"", "id")]
    [InlineData("\"id\":\"i\"", "\"id\":\"a\\nb\"", "id")]
    [InlineData("\"id\":\"i\"", "\"id\":\"\\ud800\"", "id")]
    [InlineData("\"id\":\"i\"", "\"id\":7", "id")]
    [InlineData("\"from\":\"alice@peer.test\",", "", "from")]
    [InlineData("alice@peer.test", "alice", "from")]
    [InlineData("alice@peer.test", "a\\r\\nb@peer.test", "from")]
    [InlineData("bob@local.test", "bob@lo cal.test", "to")]
    [InlineData("bob@local.test\"", "a@b\",\"to\":[\"a@b\"]", "to")]
    [InlineData("\"timestamp\":1", "\"timestamp\":1.5", "timestamp")]
    [InlineData("\"timestamp\":1", "\"timestamp\":\"1\"", "timestamp")]
    [InlineData("\"timestamp\":1", "\"timestamp\":1e400", "timestamp")]
    [InlineData("\"timestamp\":1", "\"timestamp\":9007199254740993", "timestamp")]
    [InlineData("\"timestamp\":1", "\"timestamp\":null", "timestamp")]
    [InlineData("\"conversation_id\":\"c\"", "\"conversation_id\":\"\"", "conversation_id")]
    [InlineData("\"timestamp\":1", "\"timestamp\":1,\"type\":\"call\"", "type")]
    [InlineData("\"timestamp\":1", "\"timestamp\":1,\"content_type\":\"\"", "content_type")]
    [InlineData("\"timestamp\":1", "\"timestamp\":1,\"name\":\" \"", "name")]
    [InlineData("\"timestamp\":1", "\"timestamp\":1,\"body\":{}", "body")]
    [InlineData("\"timestamp\":1", "\"timestamp\":1,\"subject\":null", "subject")]
    [InlineData("\"timestamp\":1", "\"timestamp\":1,\"expires\":-1", "expires")]
    [InlineData("\"timestamp\":1", "\"timestamp\":1,\"attachments\":{}", "attachments")]
    [InlineData("\"timestamp\":1", "\"timestamp\":1,\"attachments\":[1]", "attachments")]
    [InlineData("\"timestamp\":1", "\"timestamp\":1,\"attachments\":[{}]", "blob_id")]
    [InlineData("\"server_signature\":\"AA\",", "", "server_signature")]
    [InlineData("\"server_key_id\":\"k\"", "\"server_key_id\":1", "server_key_id")]
    public void Says_which_member_is_wrong(string part, string instead, string member)
    {
        Assert.Contains(part, Minimal, StringComparison.Ordinal);
        Assert.False(SignedEnvelope.TryParse(Encoding.UTF8.GetBytes(Minimal.Replace(part, instead, StringComparison.Ordinal)), out _, out string? error));
        Assert.Contains(member, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"size\":1", "\"size\":-1", "size")]
    [InlineData("\"host\":\"h\"", "\"host\":\"\"", "host")]
    [InlineData("\"size\":1", "\"size\":1,\"port\":0", "port")]
    [InlineData("\"size\":1", "\"size\":1,\"port\":65536", "port")]
    [InlineData("\"size\":1", "\"size\":1,\"disposition\":\"hidden\"", "disposition")]
    [InlineData("\"size\":1", "\"size\":1,\"thumbnail\":\"x\"", "thumbnail")]
    [InlineData("\"size\":1", "\"size\":1,\"thumbnail\":{\"a\":\"\\ud800\"}", "thumbnail")]
    [InlineData("\"size\":1", "\"size\":1,\"thumbnail\":{\"\\udc00\":1}", "thumbnail")]
    [InlineData("\"size\":1", "\"size\":1,\"encryption\":{}", "encryption")]
    [InlineData("\"size\":1", "\"size\":1,\"encryption\":{\"algorithm\":\"XOR\",\"key\":\"k\",\"nonce_prefix\":\"n\",\"chunk_size\":1,\"plaintext_size\":1}", "algorithm")]
    [InlineData("\"size\":1", "\"size\":1,\"encryption\":{\"algorithm\":\"AES-256-GCM\",\"key\":\"k\",\"nonce_prefix\":\"n\",\"chunk_size\":0,\"plaintext_size\":1}", "chunk_size")]
    [InlineData("aaaa\"", "aaa\"", "sha256")]
    public void Says_what_is_wrong_with_an_attachment(string part, string instead, string member)
    {
        string attachment = $$"""{"blob_id":"b","host":"h","sha256":"{{new string('a', 64)}}","size":1}""";
        string Wire(string with) => Minimal.Replace("\"timestamp\":1", $"\"timestamp\":1,\"attachments\":[{with}]", StringComparison.Ordinal);
        Assert.True(SignedEnvelope.TryParse(Encoding.UTF8.GetBytes(Wire(attachment)), out _, out _));
        Assert.False(SignedEnvelope.TryParse(Encoding.UTF8.GetBytes(Wire(attachment.Replace(part, instead, StringComparison.Ordinal))), out _, out string? error));
        Assert.Contains(member, error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_attachment_knows_what_a_receiver_would_refuse()
    {
        var encryption = new BlobEncryption { Key = "k", NoncePrefix = "n", ChunkSize = 1, PlaintextSize = 1 };
        var good = new Attachment { BlobId = "b", Host = "peer.test", Sha256 = new string('a', 64), Size = 1, Encryption = encryption, Thumbnail = JsonElement.Parse("{}") };
        Assert.Null(good.FindProblem());
        Assert.Contains("key", (good with { Encryption = encryption with { Key = null! } }).FindProblem(), StringComparison.Ordinal);
        Assert.Contains("chunk_size", (good with { Encryption = encryption with { ChunkSize = 0 } }).FindProblem(), StringComparison.Ordinal);
        Assert.Contains("sha256", (good with { Sha256 = "a" }).FindProblem(), StringComparison.Ordinal);
        Assert.Contains("thumbnail", (good with { Thumbnail = JsonElement.Parse("1") }).FindProblem(), StringComparison.Ordinal);
        Assert.Contains("thumbnail", (good with { Thumbnail = JsonElement.Parse("{\"a\":\"\\ud800\"}") }).FindProblem(), StringComparison.Ordinal);
        Assert.Contains("disposition", (good with { Disposition = "x" }).FindProblem(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}x")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"version\":")]
    public void Refuses_what_is_no_object(string wire) =>
        Assert.False(SignedEnvelope.TryParse(Encoding.UTF8.GetBytes(wire), out _, out _));

    [Fact]
    public void Integers_may_be_written_as_ECMAScript_reads_them()
    {
        byte[] wire = Encoding.UTF8.GetBytes(Minimal.Replace("\"timestamp\":1", "\"timestamp\":1.79e9,\"expires\":10.0", StringComparison.Ordinal));
        Assert.True(SignedEnvelope.TryParse(wire, out var envelope, out _));
        Assert.Equal((1_790_000_000, 10), (envelope.Envelope.Timestamp, envelope.Envelope.Expires));
        Assert.Contains("\"timestamp\":1790000000,\"expires\":10,", Encoding.UTF8.GetString(envelope.SignedTexts().First().Span), StringComparison.Ordinal);
    }

    [Fact]
    public void A_large_envelope_costs_a_small_multiple_of_its_size()
    {
        const int Size = 25 * 1024 * 1024;
        byte[] wire = Encoding.UTF8.GetBytes(Minimal.Replace("\"timestamp\":1", $"\"timestamp\":1,\"body\":\"{new string('x', Size)}\"", StringComparison.Ordinal));
        Verify(wire);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Verify(wire);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        // The body as a string, and the signed text.
        Assert.True(allocated < 3.5 * Size, $"{allocated / 1048576} MiB");
    }

    private static void Verify(byte[] wire)
    {
        Assert.True(SignedEnvelope.TryParse(wire, out var envelope, out _));
        Assert.NotEqual(envelope.Envelope.Id, ContentId.Compute(envelope.Envelope));
        Assert.True(envelope.SignedTexts().First().Length > 25 * 1024 * 1024);
    }
}
