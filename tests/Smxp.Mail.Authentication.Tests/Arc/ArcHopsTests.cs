using System.Text;
using Smxp.Mail.Authentication.Arc;
using Smxp.Mail.Authentication.Dkim;
using Smxp.Mail.Authentication.Dmarc;

namespace Smxp.Mail.Authentication.Tests.Arc;

/// <summary>Chains of several hops (RFC 8617 §5.2): an author's domain that signs, a list that adds a foot line, forwarders behind it.</summary>
public sealed class ArcHopsTests : IDisposable
{
    private const string Passed = "dkim=pass header.d=example.com; dmarc=pass header.from=example.com";
    private const string Failed = "dkim=fail header.d=example.com; dmarc=fail header.from=example.com; arc=pass";

    private static readonly byte[] Message = AuthenticatorRun.Bytes("From: a@example.com\nTo: l@list.example\nSubject: Hello\nMessage-ID: <1@example.com>\nDate: Fri, 15 Jan 2027 08:00:00 +0000\n\nHello\n");

    private readonly ArcChain _chain = new();
    private readonly Zone _zone = new() { ["_dmarc.example.com"] = ["TXT v=DMARC1; p=reject"] };

    public ArcHopsTests() => _chain.Publish(_zone, "example.com", "list.example", "forward.example", "last.example");

    public void Dispose() => _chain.Dispose();

    [Fact]
    public async Task Three_hops_are_told_newest_first_with_what_each_saw()
    {
        byte[] message = await ThreeHopsAsync();
        Assert.Equal(["none", "pass", "pass"], Seals(message).Select(static seal => seal.Cv));
        var arc = (await EvaluateAsync(message)).Arc;
        Assert.Equal((ArcResult.Pass, null, "last.example"), (arc.Result, arc.Reason, arc.SealingDomain));
        Assert.Equal([(3, "last.example", "fail"), (2, "forward.example", "fail"), (1, "list.example", "pass")], arc.Instances.Select(static hop => (hop.Number, hop.SealingDomain, Dmarc(hop))));
    }

    [Fact]
    public async Task A_middle_seal_that_was_broken_before_the_next_hop_sealed_breaks_the_chain()
    {
        byte[] message = await TwoHopsAsync();
        string text = Encoding.UTF8.GetString(message);
        string seal = Seals(message).Single(static seal => seal.Number == 2).Text;
        // The last hop vouches for a chain that it did not look at: its own seal is over the bytes as they are.
        string broken = text.Replace(seal, BreakSignature(seal), StringComparison.Ordinal);
        Assert.NotEqual(text, broken);
        var arc = (await EvaluateAsync(await _chain.SealAsync(Encoding.UTF8.GetBytes(broken), "last.example", $"last.example; {Failed}"), "list.example", "forward.example", "last.example")).Arc;
        Assert.Equal((ArcResult.Fail, 0), (arc.Result, arc.Instances.Count));
        Assert.StartsWith("seal 2: ", arc.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ARC-Seal")]
    [InlineData("ARC-Message-Signature")]
    [InlineData("ARC-Authentication-Results")]
    public async Task A_hop_that_lacks_a_field_breaks_the_chain(string name)
    {
        var lines = Fields(await ThreeHopsAsync());
        string kept = string.Concat(lines.Where(field => !(field.StartsWith($"{name}: i=2;", StringComparison.Ordinal))));
        Assert.NotEqual(string.Concat(lines), kept);
        Assert.Equal(ArcResult.Fail, (await EvaluateAsync(Encoding.UTF8.GetBytes(kept))).Arc.Result);
    }

    [Fact]
    public async Task A_whole_hop_cannot_be_taken_out()
    {
        var lines = Fields(await ThreeHopsAsync());
        string kept = string.Concat(lines.Where(static field => !field.Contains(": i=2;", StringComparison.Ordinal)));
        Assert.Equal(lines.Count - 3, Fields(Encoding.UTF8.GetBytes(kept)).Count);
        Assert.Equal(ArcResult.Fail, (await EvaluateAsync(Encoding.UTF8.GetBytes(kept))).Arc.Result);
    }

    [Theory]
    [InlineData("list.example", "forward.example", "last.example")]
    [InlineData("forward.example", "list.example", "last.example", "other.example")]
    public async Task What_the_first_hop_saw_counts_where_every_hop_since_is_trusted(params string[] trusted)
    {
        var found = await EvaluateAsync(await ThreeHopsAsync(), trusted);
        Assert.Equal((DkimResult.Fail, DmarcResult.Fail, DmarcPolicy.None), (Assert.Single(found.Dkim).Result, found.Dmarc.Result, found.Dmarc.Disposition));
        Assert.Equal("list.example saw it pass and sealed it", found.Dmarc.Override);
    }

    [Theory]
    [InlineData("list.example")]
    [InlineData("list.example", "forward.example")]
    [InlineData("list.example", "last.example")]
    [InlineData("forward.example", "last.example")]
    public async Task It_does_not_where_one_of_them_is_not(params string[] trusted)
    {
        var found = await EvaluateAsync(await ThreeHopsAsync(), trusted);
        Assert.Equal((ArcResult.Pass, DmarcResult.Fail, DmarcPolicy.Reject, null), (found.Arc.Result, found.Dmarc.Result, found.Dmarc.Disposition, found.Dmarc.Override));
    }

    [Fact]
    public async Task What_is_changed_after_the_last_seal_is_nobodys()
    {
        string text = Encoding.UTF8.GetString(await ThreeHopsAsync());
        byte[] changed = Encoding.UTF8.GetBytes(text + "And buy this\r\n");
        var found = await EvaluateAsync(changed, "list.example", "forward.example", "last.example");
        Assert.Equal((ArcResult.Fail, DmarcPolicy.Reject, null), (found.Arc.Result, found.Dmarc.Disposition, found.Dmarc.Override));
        Assert.StartsWith("the newest signature: ", found.Arc.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_no_name_server_gives_now_breaks_the_chain_whichever_hop_it_is_of()
    {
        _zone["arc._domainkey.forward.example"] = ["FAIL"];
        var arc = (await EvaluateAsync(await ThreeHopsAsync())).Arc;
        Assert.Equal(ArcResult.Fail, arc.Result);
        Assert.StartsWith("seal 2: ", arc.Reason, StringComparison.Ordinal);
    }

    // The author's domain signs, the list adds a foot line and so breaks that signature, then two forwarders pass it on.
    private async Task<byte[]> ThreeHopsAsync() => await _chain.SealAsync(await TwoHopsAsync(), "last.example", $"last.example; {Failed}");

    private async Task<byte[]> TwoHopsAsync()
    {
        byte[] signed = await _chain.SignAsync(Message, "example.com");
        var author = await EvaluateAsync(signed);
        Assert.Equal((DkimResult.Pass, DmarcResult.Pass), (Assert.Single(author.Dkim).Result, author.Dmarc.Result));
        byte[] listed = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(signed) + "-- \r\nYou get this because you are on the list\r\n");
        return await _chain.SealAsync(await _chain.SealAsync(listed, "list.example", $"list.example; {Passed}"), "forward.example", $"forward.example; {Failed}");
    }

    private Task<MailAuthentication> EvaluateAsync(byte[] message, params string[] trusted) =>
        _zone.EvaluateAsync(message, "a@example.com", options: new AuthenticationOptions { AuthservId = "mx.receiver.example", TrustedSealers = trusted });

    private static string Dmarc(ArcInstance hop) => hop.Results!.Results.Single(static result => result.Method == "dmarc").Result;

    private static IEnumerable<(int Number, string Cv, string Text)> Seals(byte[] message) =>
        from field in Fields(message)
        where field.StartsWith("ARC-Seal:", StringComparison.Ordinal)
        let tags = string.Concat(field["ARC-Seal:".Length..].Where(static c => !char.IsWhiteSpace(c))).Split(';').Where(static tag => tag.Contains('=', StringComparison.Ordinal)).ToDictionary(static tag => tag[..tag.IndexOf('=', StringComparison.Ordinal)], static tag => tag[(tag.IndexOf('=', StringComparison.Ordinal) + 1)..])
        orderby tags["i"]
        select (int.Parse(tags["i"], System.Globalization.CultureInfo.InvariantCulture), tags["cv"], field);

    // The header's fields with their continuation lines, and the body as the last.
    private static List<string> Fields(byte[] message)
    {
        string text = Encoding.UTF8.GetString(message);
        int end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 2;
        var fields = new List<string>();
        foreach (string line in text[..end].Split("\r\n", StringSplitOptions.RemoveEmptyEntries))
        {
            if (line[0] is ' ' or '\t') fields[^1] += line + "\r\n";
            else fields.Add(line + "\r\n");
        }

        return [.. fields, text[end..]];
    }

    private static string BreakSignature(string seal)
    {
        int at = seal.IndexOf("b=", seal.IndexOf("cv=", StringComparison.Ordinal), StringComparison.Ordinal) + 2;
        while (char.IsWhiteSpace(seal[at])) at++;
        return $"{seal[..at]}{(seal[at] == 'A' ? 'B' : 'A')}{seal[(at + 1)..]}";
    }
}
