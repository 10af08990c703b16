using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Smxp.Bridge.Email.Tests.EndToEnd;

/// <summary>Mail that takes the place of an earlier one, from an author whose domain vouches for it: an edit of the message the earlier one became.</summary>
public sealed class VerifiedReplacementTests(TrustWorld world) : IClassFixture<TrustWorld>
{
    [Theory]
    [InlineData("Supersedes")]
    [InlineData("Obsoletes")]
    public async Task Is_an_edit_of_the_author_s_own_message_and_of_nobody_else_s(string header)
    {
        string domain = $"{header.ToLowerInvariant()}.test";
        world.Zone.Text(domain, "v=spf1 ip4:127.0.0.1 -all").Text($"_dmarc.{domain}", "v=DMARC1; p=reject");
        var (address, client) = await world.NewInboxAsync();
        await DeliverAsync($"bob@{domain}", address, "Message-ID: <first@bob.test>\r\n", "At sefen.\r\n");
        await DeliverAsync($"bob@{domain}", address, $"Message-ID: <second@bob.test>\r\nIn-Reply-To: <first@bob.test>\r\n{header}: <first@bob.test>\r\n", "At seven.\r\n");
        await DeliverAsync($"mallory@{domain}", address, $"Message-ID: <third@bob.test>\r\n{header}: <first@bob.test>\r\n", "Never.\r\n");

        var rows = await TrustWorld.InboxAsync(client);
        Assert.Equal(["Never.", "At seven."], rows.Select(static row => (string?)row!["body"]));
        var edit = (await client.GetFromJsonAsync<JsonObject>($"/.smxp/mail/messages/{(string?)rows[1]!["edited_by"]}"))!["message"]!;
        Assert.Equal(("edit", (string?)rows[1]!["id"], (string?)rows[1]!["conversation_id"]), ((string?)edit["type"], (string?)edit["in_reply_to"], (string?)edit["conversation_id"]));
    }

    private async Task DeliverAsync(string from, string to, string headers, string body) =>
        Assert.StartsWith("250", await world.DeliverAsync($"From: {from}\r\nTo: {to}\r\nSubject: Dinner\r\n{headers}Date: Fri, 2 Jan 2026 10:00:00 +0000\r\n\r\n{body}", to, from), StringComparison.Ordinal);
}
