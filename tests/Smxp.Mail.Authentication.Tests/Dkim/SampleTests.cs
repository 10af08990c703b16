using System.Text;
using Smxp.Mail.Authentication.Dkim;

namespace Smxp.Mail.Authentication.Tests.Dkim;

/// <summary>Mail that others signed.</summary>
public sealed class SampleTests
{
    private readonly Zone _zone = new()
    {
        // RFC 8463 appendix A.2.
        ["brisbane._domainkey.football.example.com"] = ["TXT v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="],
        ["test._domainkey.football.example.com"] =
        [
            "TXT v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB",
        ],
        ["20120113._domainkey.gmail.com"] =
        [
            "TXT k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA1Kd87/UeJjenpabgbFwh+eBCsSTrqmwIYYvywlbhbqoo2DymndFkbjOVIPIldNs/m40KF+yzMn1skyoxcTUGCQs8g3FgD2Ap3ZB5DekAo5wMmk4wimDO+U8QzI3SD07y2+07wlNWwIt8svnxgdxGkVbbhzY8i+RQ9DpSVpPbF7ykQxtKXkv/ahW3KjViiAH+ghvvIhkx4xYSIc9oSwVmAl5OctMEeWUwg8Istjqz8BZeTWbf41fbNhte7Y+YqZOwq1Sd0DbvYAD9NOZK9vlfuac0598HY+vtSBczUiKERHv1yRbcaQtZFh5wtiRrN04BLUTD21MycBX5jYchHjPY/wIDAQAB",
        ],
    };

    [Theory]
    [InlineData("rfc8463-example.eml", "joe@football.example.com", "ed25519-sha256 rsa-sha256")]
    [InlineData("gmail.eml", "jeff.stedfast@gmail.com", "rsa-sha256")]
    [InlineData("related.eml", "jeff.stedfast@gmail.com", "rsa-sha256")]
    [InlineData("multipart-no-end-boundary.eml", "mimekit.test@gmail.com", "rsa-sha256")]
    public async Task Verifies(string name, string from, string algorithms)
    {
        _zone[$"_dmarc.{from[(from.IndexOf('@', StringComparison.Ordinal) + 1)..]}"] = ["TXT v=DMARC1; p=reject"];
        foreach (byte[] message in new[] { AuthenticatorRun.Sample(name), AuthenticatorRun.Bytes(Encoding.UTF8.GetString(AuthenticatorRun.Sample(name))) })
        {
            var found = await _zone.EvaluateAsync(message, from);
            Assert.Equal(algorithms.Split(' '), found.Dkim.Select(static signature => signature.Algorithm));
            Assert.All(found.Dkim, static signature => Assert.Equal((DkimResult.Pass, null), (signature.Result, signature.Reason)));
            Assert.Equal(Authentication.Dmarc.DmarcResult.Pass, found.Dmarc.Result);
        }
    }

    [Theory]
    [InlineData("gmail.eml", "This is the message body.\n\nJeff\n\n--", "This is the message body!\n\nJeff\n\n--", "the body changed")]
    [InlineData("gmail.eml", "Subject: Testing", "Subject: Tasting", "the header changed")]
    [InlineData("rfc8463-example.eml", "hungry", "angry", "the body changed")]
    public async Task Notices_a_change(string name, string from, string to, string reason)
    {
        string text = Encoding.UTF8.GetString(AuthenticatorRun.Sample(name));
        Assert.Contains(from, text, StringComparison.Ordinal);
        var found = await _zone.EvaluateAsync(AuthenticatorRun.Bytes(text.Replace(from, to, StringComparison.Ordinal)));
        Assert.NotEmpty(found.Dkim);
        Assert.All(found.Dkim, signature => Assert.Equal((DkimResult.Fail, reason), (signature.Result, signature.Reason)));
    }
}
