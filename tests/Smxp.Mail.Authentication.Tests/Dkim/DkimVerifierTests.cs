using System.Security.Cryptography;
using System.Text;
using Smxp.Mail.Authentication.Dkim;
using Smxp.Mail.Authentication.Dmarc;
using Smxp.Mail.Authentication.Messages;

namespace Smxp.Mail.Authentication.Tests.Dkim;

public sealed class DkimVerifierTests : IDisposable
{
    private const string Tags = "v=1; a=rsa-sha256; d=example.com; s=sel";

    private readonly RSA _rsa = RSA.Create(2048);

    public void Dispose() => _rsa.Dispose();

    [Fact]
    public async Task A_good_signature_passes() => Assert.Equal(DkimResult.Pass, (await VerifyAsync(TestSignature.Sign(_rsa, Tags))).Result);

    [Theory]
    [InlineData("v=2; a=rsa-sha256; d=example.com; s=sel")]
    [InlineData("a=rsa-sha256; d=example.com; s=sel")]
    [InlineData("v=1; a=rsa-sha1; d=example.com; s=sel")]
    [InlineData("v=1; a=rsa-md5; d=example.com; s=sel")]
    [InlineData("v=1; a=rsa-sha256; s=sel")]
    [InlineData("v=1; a=rsa-sha256; d=example.com")]
    [InlineData("v=1; a=rsa-sha256; d=example.com; s=sel; i=@other.example")]
    [InlineData("v=1; a=rsa-sha256; d=example.com; s=sel; i=@notexample.com")]
    [InlineData("v=1; a=rsa-sha256; d=example.com; s=sel; c=strange")]
    [InlineData("v=1; a=rsa-sha256; d=example.com; s=sel; q=http")]
    [InlineData("v=1; a=rsa-sha256; d=example.com; s=sel; t=1700000000; x=1600000000")]
    [InlineData("v=1; a=rsa-sha256; d=example.com; s=sel; x=1700000000")]
    [InlineData("v=1; a=rsa-sha256; d=example.com; s=sel; x=soon")]
    [InlineData("v=1; a=rsa-sha256; d=example.com; s=sel; l=-1")]
    [InlineData("v=1; a=rsa-sha256; d=example.com; s=sel; s=sel")]
    [InlineData("v=1; a=ed25519-sha256; d=example.com; s=sel")]
    [InlineData("v=1; a=rsa-sha256; d=example.com; s=missing")]
    public async Task What_can_never_verify_is_a_permanent_error(string tags)
    {
        var verdict = await VerifyAsync(TestSignature.Sign(_rsa, tags));
        Assert.Equal(DkimResult.PermError, verdict.Result);
        Assert.NotNull(verdict.Reason);
    }

    [Fact]
    public async Task A_signature_that_leaves_out_From_is_none() => Assert.Equal(DkimResult.PermError, (await VerifyAsync(TestSignature.Sign(_rsa, Tags, names: "to:subject"))).Result);

    [Theory]
    [InlineData("v=DKIM1; p=", "revoked")]
    [InlineData("v=DKIM1; k=rsa", "no key")]
    [InlineData("v=DKIM1; h=sha1; p={0}", "sha256")]
    [InlineData("v=DKIM1; s=other; p={0}", "email")]
    [InlineData("v=DKIM1; k=dsa; p={0}", "type")]
    [InlineData("v=DKIM1; p=AAAA", "RSA")]
    [InlineData("v=DKIM1; p=%%%", "base64")]
    [InlineData("v=DKIM2; p={0}", "read")]
    [InlineData("p={0}; v=DKIM1", "read")]
    [InlineData("v=DKIM1; k=ed25519; p={0}", "algorithm")]
    public async Task Keys_that_are_not_ours_to_use(string record, string reason)
    {
        var verdict = await VerifyAsync(TestSignature.Sign(_rsa, Tags), record);
        Assert.Equal(DkimResult.PermError, verdict.Result);
        Assert.Contains(reason, verdict.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("p={0}")]
    [InlineData(" v = DKIM1 ; h = sha1 : sha256 ; s = email ; t = s ; n=note; unknown=1; p = {0} ; ")]
    public async Task Keys_in_other_words(string record) => Assert.Equal(DkimResult.Pass, (await VerifyAsync(TestSignature.Sign(_rsa, Tags), record)).Result);

    [Fact]
    public async Task A_key_for_the_exact_domain_does_not_serve_subdomains()
    {
        byte[] message = TestSignature.Sign(_rsa, Tags + "; i=@sub.example.com");
        Assert.Equal(DkimResult.Pass, (await VerifyAsync(message)).Result);
        Assert.Equal(DkimResult.PermError, (await VerifyAsync(message, "v=DKIM1; t=s; p={0}")).Result);
    }

    [Fact]
    public async Task A_testing_key_is_told()
    {
        Assert.True((await VerifyAsync(TestSignature.Sign(_rsa, Tags), "v=DKIM1; t=y:s; p={0}")).Testing);
        Assert.False((await VerifyAsync(TestSignature.Sign(_rsa, Tags))).Testing);
    }

    [Fact]
    public async Task Weak_keys_are_refused()
    {
        using var weak = RSA.Create(512);
        var verdict = await VerifyAsync(TestSignature.Sign(weak, Tags), $"v=DKIM1; p={Convert.ToBase64String(weak.ExportSubjectPublicKeyInfo())}");
        Assert.Equal((DkimResult.PermError, "the key has 512 bits"), (verdict.Result, verdict.Reason));
    }

    [Fact]
    public async Task The_key_may_be_bare_as_the_standard_has_it() =>
        Assert.Equal(DkimResult.Pass, (await VerifyAsync(TestSignature.Sign(_rsa, Tags), $"v=DKIM1; p={Convert.ToBase64String(_rsa.ExportRSAPublicKey())}")).Result);

    [Fact]
    public async Task Several_keys_of_one_name_are_an_error_and_other_texts_are_not()
    {
        string key = $"TXT p={Convert.ToBase64String(_rsa.ExportSubjectPublicKeyInfo())}";
        var zone = new Zone { ["sel._domainkey.example.com"] = [key, key] };
        Assert.Equal(DkimResult.PermError, (await zone.EvaluateAsync(TestSignature.Sign(_rsa, Tags))).Dkim[0].Result);
        zone["sel._domainkey.example.com"] = ["TXT hello", key];
        Assert.Equal(DkimResult.Pass, (await zone.EvaluateAsync(TestSignature.Sign(_rsa, Tags))).Dkim[0].Result);
    }

    [Fact]
    public async Task Dns_that_does_not_answer_is_temporary()
    {
        var zone = new Zone { ["sel._domainkey.example.com"] = ["FAIL"], ["_dmarc.example.com"] = ["TXT v=DMARC1; p=reject"] };
        var found = await zone.EvaluateAsync(TestSignature.Sign(_rsa, Tags));
        Assert.Equal(DkimResult.TempError, found.Dkim[0].Result);
        Assert.Equal((DmarcResult.TempError, DmarcPolicy.None), (found.Dmarc.Result, found.Dmarc.Disposition));
    }

    [Fact]
    public async Task A_signature_over_a_part_of_the_body_passes_but_does_not_vouch()
    {
        byte[] message = TestSignature.Sign(_rsa, Tags + "; l=7", "Hello\r\nand more\r\n", signedBody: "Hello\r\n");
        var zone = Zone();
        zone["_dmarc.example.com"] = ["TXT v=DMARC1; p=reject"];
        var found = await zone.EvaluateAsync(message);
        Assert.Equal((DkimResult.Pass, false, false), (found.Dkim[0].Result, found.Dkim[0].CoversBody, found.Dkim[0].Vouches));
        Assert.Equal((DmarcResult.Fail, DmarcPolicy.Reject), (found.Dmarc.Result, found.Dmarc.Disposition));
        Assert.Contains("dkim=policy", found.ToResults("mx.example").ToString(), StringComparison.Ordinal);

        var whole = (await zone.EvaluateAsync(TestSignature.Sign(_rsa, Tags + "; l=7"))).Dkim[0];
        Assert.Equal((DkimResult.Pass, true), (whole.Result, whole.Vouches));
        Assert.Equal(DkimResult.Fail, (await zone.EvaluateAsync(TestSignature.Sign(_rsa, Tags + "; l=8"))).Dkim[0].Result);
    }

    [Fact]
    public async Task Fields_are_taken_from_the_bottom()
    {
        byte[] message = TestSignature.Sign(_rsa, Tags);
        string text = Encoding.ASCII.GetString(message);
        var zone = Zone();
        Assert.Equal(DkimResult.Pass, (await zone.EvaluateAsync(Encoding.ASCII.GetBytes("Subject: on top\r\n" + text))).Dkim[0].Result);
        Assert.Equal(DkimResult.Fail, (await zone.EvaluateAsync(Encoding.ASCII.GetBytes(text.Replace("Hello\r\n\r\n", "Hello\r\nSubject: below\r\n\r\n", StringComparison.Ordinal)))).Dkim[0].Result);
    }

    [Fact]
    public async Task No_more_signatures_are_looked_at_than_allowed()
    {
        string one = Encoding.ASCII.GetString(TestSignature.Sign(_rsa, Tags)).Split("From:")[0];
        var zone = Zone();
        var found = await zone.EvaluateAsync(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(one, 50)) + TestSignature.Header + "\r\nHello\r\n"));
        Assert.Equal(10, found.Dkim.Count);
        Assert.Single(zone.Asked, static question => question.Contains("sel._domainkey", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_header_without_end_is_not_held()
    {
        byte[] endless = new byte[3 * 1024 * 1024];
        Array.Fill(endless, (byte)'a');
        var found = await Zone().EvaluateAsync(endless);
        Assert.Equal(DkimResult.Policy, Assert.Single(found.Dkim).Result);
    }

    [Fact]
    public async Task A_large_body_streams()
    {
        // The body's hash is of no matter here, only that it is made without holding the body.
        const long Size = 25 * 1024 * 1024;
        var zone = Zone();
        _ = await zone.EvaluateAsync(TestSignature.Sign(_rsa, Tags));
        using var message = new LongMessage(TestSignature.Sign(_rsa, Tags), Size);
        long before = GC.GetAllocatedBytesForCurrentThread();
        var evaluation = zone.EvaluateAsync(message, ["a@example.com"], "");
        // Every part answers at once, so that all of it ran on this thread and is counted.
        Assert.True(evaluation.IsCompletedSuccessfully);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 2 * 1024 * 1024);
        Assert.Equal((DkimResult.Fail, "the body changed"), ((await evaluation).Dkim[0].Result, (await evaluation).Dkim[0].Reason));
        Assert.True(message.AtEnd);
    }

    // Names and fields are a stranger's to multiply; each name looking through every field would be their product.
    [Fact]
    public void Looks_through_the_fields_once_however_many_names_are_signed()
    {
        const int Many = 10_000;
        var fields = new CountedFields([.. Enumerable.Range(0, Many).Select(static number => RawHeader.TryRead(Encoding.ASCII.GetBytes($"x{number}: y"))!)]);
        var text = new System.Buffers.ArrayBufferWriter<byte>();
        HeaderCanonicalization.WriteSigned(text, fields, Enumerable.Range(0, Many).Select(static number => $"a{number}").Append("x7"), Canonicalization.Relaxed);
        Assert.Equal("x7:y\r\n", Encoding.ASCII.GetString(text.WrittenSpan));
        Assert.InRange(fields.Read, 1, Many + 1);
    }

    private Zone Zone(string record = "v=DKIM1; p={0}") => new() { ["sel._domainkey.example.com"] = [$"TXT {record.Replace("{0}", Convert.ToBase64String(_rsa.ExportSubjectPublicKeyInfo()), StringComparison.Ordinal)}"] };

    private async Task<DkimVerdict> VerifyAsync(byte[] message, string record = "v=DKIM1; p={0}") => Assert.Single((await Zone(record).EvaluateAsync(message)).Dkim);

    private sealed class CountedFields(RawHeader[] fields) : IReadOnlyList<RawHeader>
    {
        public int Read { get; private set; }

        public int Count => fields.Length;

        public RawHeader this[int index]
        {
            get
            {
                Read++;
                return fields[index];
            }
        }

        public IEnumerator<RawHeader> GetEnumerator() => Enumerable.Range(0, Count).Select(index => this[index]).GetEnumerator();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
