using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Host.Tests.Account;

public class AccountTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private const string PasswordPath = "/.smxp/account/password";
    private const string SessionsPath = "/.smxp/account/sessions";

    [Fact]
    public async Task Info_names_the_address_and_the_key_that_signs_for_it()
    {
        using var client = await fixture.Server.SignInNewAsync("anna@example.test");
        var info = (await client.AskAsync("/.smxp/account/info")).Is(HttpStatusCode.OK);
        Assert.Equal(("anna", "example.test", "anna@example.test", "inbox"), (info.Text("alias"), info.Text("domain"), info.Text("address"), info.Text("mode")));
        Assert.InRange(info["created_at"].GetInt64(), 1, long.MaxValue);

        var domain = await fixture.Server.Services.GetRequiredService<IStateStore>().Domains.FindAsync("example.test", CancellationToken.None);
        var key = domain!.Keys.Single(candidate => candidate.Algorithm == "ML-DSA-65");
        Assert.Equal((key.KeyId, "ML-DSA-65"), (info.Text("key_id"), info.Text("algorithm")));
        Assert.Equal(System.Buffers.Text.Base64Url.EncodeToString(key.PublicKey), info.Text("public_key"));
    }

    [Fact]
    public async Task A_new_password_ends_every_other_session_at_once()
    {
        await fixture.AddAccountAsync("berta");
        using var here = await fixture.SignedInAsync("berta");
        using var elsewhere = await fixture.SignedInAsync("berta");
        string key = (await here.PostAsync("/.smxp/auth/apikeys", new { })).Text("token");
        (await elsewhere.AskAsync(SessionsPath)).Is(HttpStatusCode.OK);

        var changed = await here.PutAsync(PasswordPath, new { current_password = ServerFixture.Password, new_password = "another password" });
        Assert.Equal("password_changed", changed.Is(HttpStatusCode.OK).Text("status"));
        (await elsewhere.AskAsync(SessionsPath)).Is(HttpStatusCode.Unauthorized);
        (await here.AskAsync(SessionsPath)).Is(HttpStatusCode.OK);
        using var program = fixture.Server.NewClient(key);
        (await program.AskAsync(SessionsPath)).Is(HttpStatusCode.OK);

        (await fixture.LoginAsync("berta")).Is(HttpStatusCode.Unauthorized);
        (await fixture.LoginAsync("berta", "another password")).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_current_password_is_asked_for()
    {
        await fixture.AddAccountAsync("carla");
        using var client = await fixture.SignedInAsync("carla");
        (await client.PutAsync(PasswordPath, new { current_password = "a wrong one", new_password = "another password" }))
            .Refuses(HttpStatusCode.Forbidden, "current password is incorrect");
        (await client.PutAsync(PasswordPath, new { new_password = "another password" })).Is(HttpStatusCode.BadRequest);
        (await client.PutAsync(PasswordPath, new { current_password = ServerFixture.Password, new_password = "short" })).Is(HttpStatusCode.BadRequest);
        (await client.PutAsync(PasswordPath, new { current_password = ServerFixture.Password, new_password = new string('x', 1025) })).Is(HttpStatusCode.BadRequest);
        (await fixture.LoginAsync("carla")).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Sessions_are_listed_and_others_can_be_ended()
    {
        await fixture.AddAccountAsync("doris");
        var first = await fixture.LoginAsync("doris");
        var second = await fixture.LoginAsync("doris");
        using var here = fixture.Server.NewClient(first.Text("token"));
        using var elsewhere = fixture.Server.NewClient(second.Text("token"));
        (await elsewhere.AskAsync(SessionsPath)).Is(HttpStatusCode.OK);

        var sessions = (await here.AskAsync(SessionsPath))["sessions"].EnumerateArray().ToDictionary(session => session.GetProperty("id").GetString()!);
        Assert.Equal(2, sessions.Count);
        Assert.True(sessions[first.Text("token_id")].GetProperty("current").GetBoolean());
        Assert.False(sessions[second.Text("token_id")].GetProperty("current").GetBoolean());
        Assert.Equal("session", sessions[second.Text("token_id")].GetProperty("type").GetString());

        (await here.RemoveAsync($"{SessionsPath}/{first.Text("token_id")}")).Refuses(HttpStatusCode.BadRequest, "cannot revoke current session, use /auth/logout");
        (await here.RemoveAsync($"{SessionsPath}/{second.Text("token_id")}")).Is(HttpStatusCode.OK);
        (await elsewhere.AskAsync(SessionsPath)).Is(HttpStatusCode.Unauthorized);
        (await here.RemoveAsync($"{SessionsPath}/{second.Text("token_id")}")).Refuses(HttpStatusCode.NotFound, "session not found");
    }

    [Fact]
    public async Task A_session_of_somebody_else_cannot_be_ended()
    {
        await fixture.AddAccountAsync("emma");
        var victim = await fixture.LoginAsync("emma");
        using var attacker = await fixture.Server.SignInNewAsync("frieda@example.test");
        (await attacker.RemoveAsync($"{SessionsPath}/{victim.Text("token_id")}")).Is(HttpStatusCode.NotFound);
        using var client = fixture.Server.NewClient(victim.Text("token"));
        (await client.AskAsync(SessionsPath)).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_removed_address_is_signed_out_at_once()
    {
        await fixture.AddAccountAsync("greta");
        using var client = await fixture.SignedInAsync("greta");
        (await client.AskAsync(SessionsPath)).Is(HttpStatusCode.OK);
        using var admin = fixture.Server.NewAdminClient();
        (await admin.RemoveAsync("/.smxp/admin/addresses/example.test/greta")).Is(HttpStatusCode.OK);
        (await client.AskAsync(SessionsPath)).Is(HttpStatusCode.Unauthorized);
    }
}
