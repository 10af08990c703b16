namespace Smxp.Protocol.Tests;

public sealed class DnsTextTests
{
    private const string Fingerprint = "SHuYbrRE2-jM7w0letKuJ3G9zUdnJMPjlrM4qeU-iyI";

    [Fact]
    public void Key_record_comes_back()
    {
        var record = new KeyRecord("ML-DSA-65", "YWFhYWFhYWFhYWFhYWFhYQ", Fingerprint);
        Assert.Equal($"v=SMXP1; k=ML-DSA-65; kid=YWFhYWFhYWFhYWFhYWFhYQ; fp=sha256:{Fingerprint}", record.ToString());
        Assert.True(KeyRecord.TryParse(record.ToString(), out var parsed));
        Assert.Equal(record, parsed);
        Assert.True(KeyRecord.TryParse($" V=SMXP1;kid=k ;x=y;K=Ed25519;fp=sha256:{Fingerprint};", out parsed));
        Assert.Equal(new KeyRecord("Ed25519", "k", Fingerprint), parsed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("v=spf1 -all")]
    [InlineData("v=SMXP2; k=a; kid=b; fp=sha256:" + Fingerprint)]
    [InlineData("k=a; kid=b; fp=sha256:" + Fingerprint)]
    [InlineData("v=SMXP1; kid=b; fp=sha256:" + Fingerprint)]
    [InlineData("v=SMXP1; k=a; kid=; fp=sha256:" + Fingerprint)]
    [InlineData("v=SMXP1; k=a; kid=b; fp=" + Fingerprint)]
    [InlineData("v=SMXP1; k=a; kid=b; fp=sha256:AAAA")]
    [InlineData("v=SMXP1; k=a; kid=b; fp=sha256:!" + Fingerprint)]
    [InlineData("v=SMXP1; k=a; k=b; kid=b; fp=sha256:" + Fingerprint)]
    [InlineData("v=SMXP1; k; kid=b; fp=sha256:" + Fingerprint)]
    public void Refuses_other_records(string text) => Assert.False(KeyRecord.TryParse(text, out _));

    [Theory]
    [InlineData("require-sig=yes; max-size=25m; accept-from=*", true, 26214400, "*")]
    [InlineData("max-size=100", true, 100, "*")]
    [InlineData("max-size=1K;accept-from=peer.test", true, 1024, "peer.test")]
    [InlineData("require-sig=no;max-size=2g;x=y", false, 2147483648, "*")]
    public void Reads_policies(string text, bool requireSignature, long maxSize, string acceptFrom)
    {
        Assert.True(PolicyRecord.TryParse(text, out var record));
        Assert.Equal(new PolicyRecord(requireSignature, maxSize, acceptFrom), record);
    }

    [Theory]
    [InlineData("")]
    [InlineData("v=spf1 -all")]
    [InlineData("max-size=")]
    [InlineData("max-size=m")]
    [InlineData("max-size=-1")]
    [InlineData("max-size=99999999999999999999")]
    [InlineData("max-size=9999999999999g")]
    [InlineData("require-sig=maybe")]
    [InlineData("accept-from=")]
    public void Refuses_broken_policies(string text) => Assert.False(PolicyRecord.TryParse(text, out _));

    [Theory]
    [InlineData("Alice@Peer.Test", "alice@peer.test")]
    [InlineData(" a.b+c @ peer.test ", "a.b+c@peer.test")]
    [InlineData("é@bücher.test", "é@xn--bcher-kva.test")]
    [InlineData("😀@peer.test", "😀@peer.test")]
    public void Reads_addresses(string text, string expected) => Assert.Equal(expected, Address.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("alice")]
    [InlineData("@peer.test")]
    [InlineData("alice@")]
    [InlineData("a@b@peer.test")]
    [InlineData("a@.test")]
    [InlineData("a@test.")]
    [InlineData("a@te_st")]
    [InlineData("a\r\nb@peer.test")]
    [InlineData("a\0@peer.test")]
    [InlineData("a\ud800@peer.test")]
    public void Refuses_what_is_no_address(string text) => Assert.False(Address.TryParse(text, out _));

    [Fact]
    public void Cursors_come_back_and_nothing_else_does()
    {
        Assert.True(Cursor.TryDecode(Cursor.Encode(long.MaxValue), out long sequence));
        Assert.Equal(long.MaxValue, sequence);
        foreach (string bad in new[] { "", "AAAA", "!!!!!!!!!!!", "AAAAAAAAAAAA", Cursor.Encode(-1), "AAAAAAAAAA=" }) Assert.False(Cursor.TryDecode(bad, out _), bad);
        Assert.False(Cursor.TryDecode(null, out _));
    }
}
