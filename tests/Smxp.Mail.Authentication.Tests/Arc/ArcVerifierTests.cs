using System.Text;
using Smxp.Mail.Authentication.Arc;
using Smxp.Mail.Authentication.Dmarc;

namespace Smxp.Mail.Authentication.Tests.Arc;

public sealed class ArcVerifierTests : IDisposable
{
    private const string Seen = "list.example; dmarc=pass header.from=example.com; spf=pass smtp.mailfrom=a@example.com";
    private static readonly byte[] Message = AuthenticatorRun.Bytes("From: a@example.com\nTo: l@list.example\nSubject: Hello\n\nHello\n");

    private readonly ArcChain _chain = new();
    private readonly Zone _zone = new() { ["_dmarc.example.com"] = ["TXT v=DMARC1; p=reject"] };

    public ArcVerifierTests() => _chain.Publish(_zone, "list.example", "forward.example");

    public void Dispose() => _chain.Dispose();

    [Fact]
    public async Task Without_a_chain_there_is_none() => Assert.Equal((ArcResult.None, null), (await ArcAsync(Message) is var arc ? (arc.Result, arc.SealingDomain) : default));

    [Fact]
    public async Task A_sealed_message_tells_who_sealed_it_and_what_they_found()
    {
        var arc = await ArcAsync(await _chain.SealAsync(Message, "list.example", Seen));
        Assert.Equal((ArcResult.Pass, null, "list.example"), (arc.Result, arc.Reason, arc.SealingDomain));
        Assert.Equal("example.com", Assert.Single(arc.NewestResults!.Results, static result => result.Method == "dmarc")["header.from"]);
    }

    [Theory]
    [InlineData("Hello\r\n\r\n", "Hullo\r\n\r\n")]
    [InlineData("\r\nHello\r\n", "\r\nHullo\r\n")]
    [InlineData("dmarc=pass", "dmarc=fail")]
    [InlineData("cv=none", "cv=pass")]
    [InlineData("cv=none", "cv=fail")]
    [InlineData("ARC-Seal: i=1", "ARC-Seal: i=2")]
    [InlineData("ARC-Seal:", "X-Seal:")]
    [InlineData("ARC-Message-Signature:", "X-Signature:")]
    [InlineData("ARC-Authentication-Results:", "X-Results:")]
    public async Task A_change_breaks_the_chain(string from, string to)
    {
        string text = Encoding.UTF8.GetString(await _chain.SealAsync(Message, "list.example", Seen));
        Assert.Contains(from, text, StringComparison.Ordinal);
        var arc = await ArcAsync(Encoding.UTF8.GetBytes(text.Replace(from, to, StringComparison.Ordinal)));
        Assert.Equal((ArcResult.Fail, null), (arc.Result, arc.SealingDomain));
        Assert.NotNull(arc.Reason);
    }

    [Fact]
    public async Task A_seal_without_key_breaks_the_chain() => Assert.Equal(ArcResult.Fail, (await ArcAsync(await _chain.SealAsync(Message, "unknown.example", Seen))).Result);

    [Fact]
    public async Task A_trusted_sealer_who_saw_it_pass_lets_it_through()
    {
        byte[] message = await _chain.SealAsync(Message, "list.example", Seen);
        Assert.Equal((DmarcResult.Fail, DmarcPolicy.Reject, null), await DmarcAsync(message));
        Assert.Equal((DmarcResult.Fail, DmarcPolicy.Reject, null), await DmarcAsync(message, "forward.example"));
        var (result, disposition, why) = await DmarcAsync(message, "LIST.example");
        Assert.Equal((DmarcResult.Fail, DmarcPolicy.None), (result, disposition));
        Assert.Contains("list.example", why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("list.example; dmarc=fail header.from=example.com")]
    [InlineData("list.example; dmarc=pass header.from=other.example")]
    [InlineData("list.example; spf=pass smtp.mailfrom=a@example.com")]
    public async Task A_trusted_sealer_who_did_not_changes_nothing(string seen) =>
        Assert.Equal((DmarcResult.Fail, DmarcPolicy.Reject, null), await DmarcAsync(await _chain.SealAsync(Message, "list.example", seen), "list.example"));

    private async Task<ArcVerdict> ArcAsync(byte[] message) => (await _zone.EvaluateAsync(message, "a@example.com")).Arc;

    private async Task<(DmarcResult, DmarcPolicy, string?)> DmarcAsync(byte[] message, params string[] trusted)
    {
        var dmarc = (await _zone.EvaluateAsync(message, "a@example.com", options: new AuthenticationOptions { AuthservId = "mx.receiver.example", TrustedSealers = trusted })).Dmarc;
        return (dmarc.Result, dmarc.Disposition, dmarc.Override);
    }
}
