using Smxp.Client.Mail;

namespace Smxp.Client.Tests;

public sealed class PathTests
{
    private static readonly CancellationToken Never = CancellationToken.None;

    [Theory]
    [InlineData("a/b", "/.smxp/mail/messages/a%2Fb")]
    [InlineData("../../admin/domains", "/.smxp/mail/messages/..%2F..%2Fadmin%2Fdomains")]
    [InlineData("x?on_behalf_of=y#z", "/.smxp/mail/messages/x%3Fon_behalf_of%3Dy%23z")]
    [InlineData("ä %", "/.smxp/mail/messages/%C3%A4%20%25")]
    public async Task An_id_cannot_lead_a_request_elsewhere(string id, string target)
    {
        await using var server = await ScriptedServer.StartAsync("""{"message":{"id":"m"}}""");
        using var client = new SmxpClient(server.BaseAddress);

        await client.Mail.GetMessageAsync(id, null, Never);

        Assert.Equal(target, server.Requests.Single().Target);
    }

    [Theory]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("")]
    public async Task An_id_that_would_be_folded_away_is_refused(string id)
    {
        using var client = new SmxpClient(new Uri("http://127.0.0.1:1"));

        await Assert.ThrowsAnyAsync<ArgumentException>(() => client.Mail.GetMessageAsync(id, null, Never));
    }

    [Fact]
    public async Task Keeps_the_prefix_of_the_base_address()
    {
        await using var server = await ScriptedServer.StartAsync("""{"status":"ok","domains":[],"port":1}""");
        using var client = new SmxpClient(new Uri(server.BaseAddress, "behind/a/proxy/"));

        await client.Server.GetHealthAsync(Never);

        Assert.Equal("/behind/a/proxy/.smxp/health", server.Requests.Single().Target);
    }

    [Fact]
    public async Task Queries_are_escaped()
    {
        await using var server = await ScriptedServer.StartAsync("""{"messages":[],"cursors":{"has_more":false}}""");
        using var client = new SmxpClient(server.BaseAddress);

        await client.Mail.SearchAsync("a&b=c d", new PageRequest { Limit = 5, Before = "c+/=", OnBehalfOf = "bob@example.test" }, Never);

        Assert.Equal("/.smxp/mail/search?q=a%26b%3Dc%20d&limit=5&before=c%2B%2F%3D&on_behalf_of=bob%40example.test", server.Requests.Single().Target);
    }
}
