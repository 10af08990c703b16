using System.Net;
using Smxp.Client.Admin;
using Smxp.Protocol;

namespace Smxp.Client.Tests.EndToEnd;

public sealed class AccountTests(RealServer real) : IClassFixture<RealServer>
{
    private static readonly CancellationToken Never = CancellationToken.None;

    [Fact]
    public async Task An_account_is_looked_at_and_its_password_changed()
    {
        using var alice = await real.SignInNewAsync("alice7");
        var address = Address.Parse("alice7@example.test");

        var info = await alice.Account.GetInfoAsync(Never);
        await alice.Account.ChangePasswordAsync(RealServer.Password, "another password", Never);
        using var other = new SmxpClient(real.Server.BaseAddress);
        await other.Auth.LoginAsync(address, "another password", Never);

        Assert.Equal("alice7@example.test", info.Address);
        Assert.Equal((await other.Server.GetKeyAsync(RealServer.Domain, null, Never)).KeyId, info.KeyId);
        var sessions = await other.Account.ListSessionsAsync(Never);
        Assert.Equal(2, sessions.Count);
        await other.Account.DeleteSessionAsync(sessions.Single(session => !session.Current).Id, Never);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Assert.ThrowsAsync<SmxpException>(() => alice.Account.GetInfoAsync(Never))).StatusCode);
        await other.Auth.LogoutAsync(Never);
        Assert.Null(other.Token);
    }

    [Fact]
    public async Task An_api_key_opens_the_account_until_it_is_deleted()
    {
        using var alice = await real.SignInNewAsync("alice8");

        var key = await alice.Auth.CreateApiKeyAsync("script", null, Never);
        using var script = new SmxpClient(real.Server.BaseAddress) { Token = key.Token };
        Assert.Equal("alice8@example.test", (await script.Account.GetInfoAsync(Never)).Address);
        Assert.Equal(("script", key.Id), ((await alice.Auth.ListApiKeysAsync(Never)).Single().Name, (await alice.Auth.ListApiKeysAsync(Never)).Single().Id));
        await alice.Auth.DeleteApiKeyAsync(key.Id, Never);

        Assert.Equal(HttpStatusCode.Unauthorized, (await Assert.ThrowsAsync<SmxpException>(() => script.Account.GetInfoAsync(Never))).StatusCode);
    }

    [Fact]
    public async Task An_operator_manages_domains_addresses_and_routes()
    {
        var admin = real.Admin.Admin;

        var added = await admin.Domains.AddAsync("operator.test", Never);
        Assert.Equal("_smxp.operator.test", added.Dns.Service.Name);
        Assert.Contains("_smxpkey.operator.test", added.Dns.All.Select(record => record.Name));
        Assert.Equal(HttpStatusCode.Conflict, (await Assert.ThrowsAsync<SmxpException>(() => admin.Domains.AddAsync("operator.test", Never))).StatusCode);
        Assert.NotEqual(added.Dns.Key!.KeyId, (await admin.Domains.RotateKeysAsync("operator.test", Never)).Dns.Key!.KeyId);
        Assert.False((await admin.Domains.VerifyAsync("operator.test", Never)).Verified);
        Assert.Contains("operator.test", (await admin.Domains.ListAsync(Never)).Select(each => each.Domain));

        await admin.Addresses.AddAsync(new NewAddress { Domain = "operator.test", Alias = "dave", Password = "long enough" }, Never);
        var forward = await admin.Addresses.AddAsync(new NewAddress { Domain = "operator.test", Alias = "sales", Mode = "forward", ForwardTo = ["dave@operator.test"] }, Never);
        Assert.Equal(["dave@operator.test"], forward.ForwardTo);
        Assert.Equal("inbox", (await admin.Addresses.GetAsync(Address.Parse("dave@operator.test"), Never)).Mode);
        Assert.Equal(2, (await admin.Addresses.ListAsync("operator.test", Never)).Count);

        var route = await admin.Routes.AddAsync(new NewRoute { Domain = "operator.test", Pattern = "x-*", TargetAddress = "dave@operator.test", Priority = 3 }, Never);
        Assert.False((await admin.Routes.UpdateAsync(route.Id, new RouteChange { Enabled = false }, Never)).Enabled);
        Assert.Contains(await admin.Routes.ListAsync("operator.test", Never), each => each.Id == route.Id && each.Priority == 3);
        await admin.Routes.DeleteAsync(route.Id, Never);
        await admin.Addresses.DeleteAsync(Address.Parse("dave@operator.test"), Never);
        await admin.Domains.DeleteAsync("operator.test", Never);
        Assert.Equal(HttpStatusCode.NotFound, (await Assert.ThrowsAsync<SmxpException>(() => admin.Domains.GetAsync("operator.test", Never))).StatusCode);
    }
}
