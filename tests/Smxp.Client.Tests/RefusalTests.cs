using System.Net;
using Microsoft.AspNetCore.Http;
using Smxp.Client.Mail;

namespace Smxp.Client.Tests;

public sealed class RefusalTests
{
    private static readonly CancellationToken Never = CancellationToken.None;

    [Fact]
    public async Task Carries_the_status_and_the_servers_words()
    {
        await using var server = await ScriptedServer.StartAsync("""{"error":"message not found"}""", 404);
        using var client = new SmxpClient(server.BaseAddress);

        var refusal = await Assert.ThrowsAsync<SmxpException>(() => client.Mail.GetMessageAsync("x", null, Never));

        Assert.Equal(HttpStatusCode.NotFound, refusal.StatusCode);
        Assert.Equal("message not found", refusal.Error);
        Assert.False(refusal.IsTransient);
    }

    [Fact]
    public async Task Carries_the_pause_asked_for()
    {
        await using var server = await ScriptedServer.StartAsync((context, _) =>
        {
            context.Response.Headers.RetryAfter = "7";
            return ScriptedServer.JsonAsync(context, """{"error":"too many attempts"}""", 429);
        });
        using var client = new SmxpClient(server.BaseAddress);

        var refusal = await Assert.ThrowsAsync<SmxpException>(() => client.Account.GetInfoAsync(Never));

        Assert.Equal(TimeSpan.FromSeconds(7), refusal.RetryAfter);
        Assert.True(refusal.IsTransient);
    }

    [Theory]
    [InlineData("<html>502</html>", 502)]
    [InlineData("", 500)]
    [InlineData("[1]", 400)]
    [InlineData("""{"error":5}""", 400)]
    public async Task Survives_an_error_that_is_not_of_our_form(string body, int status)
    {
        await using var server = await ScriptedServer.StartAsync(body, status);
        using var client = new SmxpClient(server.BaseAddress);

        var refusal = await Assert.ThrowsAsync<SmxpException>(() => client.Account.GetInfoAsync(Never));

        Assert.Equal(status, (int)refusal.StatusCode);
        Assert.NotEmpty(refusal.Error);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("""{"alias":1}""")]
    public async Task Says_so_when_a_success_is_not_of_the_expected_form(string body)
    {
        await using var server = await ScriptedServer.StartAsync(body);
        using var client = new SmxpClient(server.BaseAddress);

        await Assert.ThrowsAsync<SmxpException>(() => client.Account.GetInfoAsync(Never));
    }

    [Fact]
    public async Task Does_not_follow_redirects()
    {
        await using var server = await ScriptedServer.StartAsync((context, _) =>
        {
            context.Response.StatusCode = 302;
            context.Response.Headers.Location = "/elsewhere";
            return Task.CompletedTask;
        });
        using var client = new SmxpClient(server.BaseAddress) { Token = "smxp_ses_1" };

        await Assert.ThrowsAsync<SmxpException>(() => client.Mail.GetInboxAsync(PageRequest.First, Never));

        Assert.Single(server.Requests);
    }
}
