using CsCheck;
using Smxp.Mail.Authentication.Dmarc;

namespace Smxp.Mail.Authentication.Tests.Dmarc;

public sealed class DmarcRecordTests
{
    [Theory]
    [InlineData("v=DMARC1; p=reject", DmarcPolicy.Reject, DmarcPolicy.Reject, false, false, 100)]
    [InlineData("v=DMARC1;p=quarantine;sp=none;adkim=s;aspf=s;pct=5;", DmarcPolicy.Quarantine, DmarcPolicy.None, true, true, 5)]
    [InlineData("v = DMARC1 ; P=x ; p = Reject ; rua=mailto:a@example.com ; ruf=mailto:b@example.com ; fo=1:d ; ri=3600 ; x=y", DmarcPolicy.Reject, DmarcPolicy.Reject, false, false, 100)]
    [InlineData("v=DMARC1; p=reject; adkim=q; aspf=; pct=101", DmarcPolicy.Reject, DmarcPolicy.Reject, false, false, 100)]
    [InlineData("v=DMARC1; p=reject; pct=-1", DmarcPolicy.Reject, DmarcPolicy.Reject, false, false, 100)]
    [InlineData("v=DMARC1; p=reject; pct=0", DmarcPolicy.Reject, DmarcPolicy.Reject, false, false, 0)]
    [InlineData("v=DMARC1; rua=mailto:a@example.com", DmarcPolicy.None, DmarcPolicy.None, false, false, 100)]
    [InlineData("v=DMARC1; p=strange; rua=mailto:a@example.com", DmarcPolicy.None, DmarcPolicy.None, false, false, 100)]
    [InlineData("v=DMARC1; p=reject; sp=strange; rua=mailto:a@example.com", DmarcPolicy.None, DmarcPolicy.None, false, false, 100)]
    public void Reads(string text, DmarcPolicy policy, DmarcPolicy subdomains, bool strictDkim, bool strictSpf, int percent) =>
        Assert.Equal(new DmarcRecord(policy, subdomains, strictDkim, strictSpf, percent), DmarcRecord.TryParse(text));

    [Theory]
    [InlineData("v=DMARC1")]
    [InlineData("v=DMARC1; p=strange")]
    [InlineData("v=DMARC1; p=reject; sp=strange")]
    [InlineData("v=DMARC1; p=reject; p=none")]
    [InlineData("v=DMARC1; nonsense; p=reject")]
    [InlineData("p=reject; v=DMARC1")]
    [InlineData("v=dmarc1; p=reject")]
    [InlineData("v=DMARC10; p=reject")]
    [InlineData("v=DMARC1 p=reject")]
    [InlineData("v=spf1 -all")]
    [InlineData("")]
    public void Refuses(string text) => Assert.Null(DmarcRecord.TryParse(text));

    [Fact]
    public void Never_throws()
    {
        string[] words = ["v=DMARC1", ";", "p=", "sp=", "reject", "none", "pct=", "100", "99999999999999999999", "adkim=s", "rua=mailto:", " ", "=", "\t"];
        var word = Gen.Int[0, words.Length - 1].Select(i => words[i]);
        Gen.OneOf(word, word, Gen.Char.Select(static c => c.ToString())).Array[0, 25].Select(static parts => string.Concat(parts)).Sample(static text =>
        {
            var record = DmarcRecord.TryParse("v=DMARC1;" + text);
            _ = DmarcRecord.TryParse(text);
            return record is null || record.Percent is >= 0 and <= 100;
        }, iter: 20_000);
    }
}
