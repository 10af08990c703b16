using System.Net;
using System.Net.Http.Json;

namespace Smxp.Bridge.Email.Tests.EndToEnd;

/// <summary>How much one sender may write through a puppet domain, and that people here may be kept from it.</summary>
public sealed class PuppetLimitTests : IAsyncLifetime
{
    private readonly PuppetWorld _world = new()
    {
        Configure = static settings => settings.With("Smxp:Bridge:Email:Puppets:MessagesPerHour", "2").With("Smxp:Bridge:Email:Puppets:AllowLocal", "false"),
    };

    public Task InitializeAsync() => _world.InitializeAsync();

    public Task DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Who_writes_too_much_waits_and_others_do_not()
    {
        var dave = await _world.SignInAsync(_world.Other, "dave@other.test");
        foreach (string status in new[] { "sent", "sent", "queued" })
        {
            var result = await PuppetWorld.SendAsync(dave, new { to = "bob_at_mail.example@gw.example", body = $"Buy! {Guid.NewGuid()}" });
            Assert.Equal(status, (string?)result["status"]);
            if (status == "queued") Assert.Contains("as many messages", (string?)result["error"], StringComparison.Ordinal);
        }

        var eve = await _world.SignInAsync(_world.Other, "eve@other.test");
        Assert.Equal("sent", (string?)(await PuppetWorld.SendAsync(eve, new { to = "bob_at_mail.example@gw.example", body = "Hello" }))["status"]);
    }

    [Fact]
    public async Task People_here_may_be_kept_from_it()
    {
        var carol = await _world.SignInAsync(_world.Gateway, "carol@local.test");
        using var answer = await carol.PostAsJsonAsync("/.smxp/mail/send", new { to = "bob_at_mail.example@gw.example", body = "Hello" });
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal(0, _world.Outside.Connections);
    }
}
