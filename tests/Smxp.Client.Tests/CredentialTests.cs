using Microsoft.AspNetCore.Http;
using Smxp.Client.Mail;
using Smxp.Protocol;

namespace Smxp.Client.Tests;

public sealed class CredentialTests
{
    private const string EmptyPage = """{"messages":[],"cursors":{"next":null,"prev":null,"has_more":false}}""";
    private static readonly CancellationToken Never = CancellationToken.None;

    [Fact]
    public async Task Signs_in_and_uses_the_session()
    {
        await using var server = await ScriptedServer.StartAsync((context, request) => ScriptedServer.JsonAsync(context,
            request.Target.EndsWith("/login", StringComparison.Ordinal) ? """{"token":"smxp_ses_1","token_id":"t1","expires_at":5}""" : EmptyPage));
        using var client = new SmxpClient(server.BaseAddress);

        var session = await client.Auth.LoginAsync(Address.Parse("Alice@Example.test"), "secret word", Never);
        await client.Mail.GetInboxAsync(PageRequest.First, Never);

        Assert.Equal(5, session.ExpiresAt);
        Assert.Equal("""{"alias":"alice","domain":"example.test","password":"secret word"}""", server.Requests.First().Text);
        Assert.Equal("Bearer smxp_ses_1", server.Requests.Last().Header("Authorization"));
    }

    [Fact]
    public async Task Takes_up_a_fresh_token_and_says_so()
    {
        await using var server = await ScriptedServer.StartAsync((context, request) =>
        {
            if (request.Header("Authorization") == "Bearer old") context.Response.Headers["X-SMXP-Token-Refresh"] = "new";
            return ScriptedServer.JsonAsync(context, EmptyPage);
        });
        using var client = new SmxpClient(server.BaseAddress) { Token = "old" };
        var told = new List<string>();
        client.TokenRefreshed += (_, e) => told.Add(e.Token);

        await client.Mail.GetInboxAsync(PageRequest.First, Never);
        await client.Mail.GetInboxAsync(PageRequest.First, Never);

        Assert.Equal(["new"], told);
        Assert.Equal("Bearer new", server.Requests.Last().Header("Authorization"));
    }

    [Fact]
    public async Task A_late_refresh_does_not_undo_a_later_sign_in()
    {
        using var arrived = new SemaphoreSlim(0);
        using var release = new SemaphoreSlim(0);
        await using var server = await ScriptedServer.StartAsync(async (context, _) =>
        {
            arrived.Release();
            await release.WaitAsync();
            context.Response.Headers["X-SMXP-Token-Refresh"] = "new";
            await ScriptedServer.JsonAsync(context, EmptyPage);
        });
        using var client = new SmxpClient(server.BaseAddress) { Token = "old" };

        var pending = client.Mail.GetInboxAsync(PageRequest.First, Never);
        await arrived.WaitAsync();
        client.Token = "another account's";
        release.Release();
        await pending;

        Assert.Equal("another account's", client.Token);
    }

    [Fact]
    public async Task The_admin_secret_goes_to_the_admin_api_only_and_the_token_does_not()
    {
        await using var server = await ScriptedServer.StartAsync((context, request) => ScriptedServer.JsonAsync(context,
            request.Target.Contains("/admin/", StringComparison.Ordinal) ? """{"domains":[]}""" : EmptyPage));
        using var client = new SmxpClient(server.BaseAddress) { Token = "smxp_ses_1", AdminSecret = "operator" };

        await client.Admin.Domains.ListAsync(Never);
        await client.Mail.GetInboxAsync(PageRequest.First, Never);

        var (admin, mail) = (server.Requests.First(), server.Requests.Last());
        Assert.Equal(("operator", null), (admin.Header("X-Admin-Api-Key"), admin.Header("Authorization")));
        Assert.Equal((null, "Bearer smxp_ses_1"), (mail.Header("X-Admin-Api-Key"), mail.Header("Authorization")));
    }
}
