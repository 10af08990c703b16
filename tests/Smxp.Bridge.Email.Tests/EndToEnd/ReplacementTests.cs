using Microsoft.Extensions.DependencyInjection;
using Smxp.Bridge.Email.Ledger;
using Smxp.Bridge.Email.Threads;
using Smxp.Plugins.Host;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Tests.EndToEnd;

/// <summary>Mail that says it takes the place of an earlier one: its author's own alone, and only where somebody vouches for the author.</summary>
public sealed class ReplacementTests : IAsyncLifetime
{
    private static readonly Address Alice = Address.Parse("alice@example.test");
    private static readonly Address Bob = Address.Parse("bob@mail.test");

    private MailWorld _world = null!;

    public async Task InitializeAsync()
    {
        _world = await MailWorld.StartAsync();
        await _world.DeliverAsync("From: bob@mail.test\nTo: alice@example.test\nSubject: Dinner\nMessage-ID: <first@mail.test>\n\nAt sefen.\n");
    }

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task Names_the_message_to_edit_of_an_author_who_is_vouched_for()
    {
        var services = _world.Server.Services;
        var replacements = new Replacements(services.GetRequiredService<IMailboxes>(), new MailRecords(services.GetRequiredService<IBridgeState>()));
        string? id = (string?)Assert.Single(await MailWorld.ListAsync(_world.Alice))["id"];
        Assert.Equal(id, (await FindAsync(Bob, true, "unknown@mail.test", "first@mail.test"))?.Id);
        Assert.Null(await FindAsync(Bob, false, "first@mail.test"));
        Assert.Null(await FindAsync(Address.Parse("mallory@mail.test"), true, "first@mail.test"));
        Assert.Null(await FindAsync(Bob, true, "unknown@mail.test"));

        Task<MailboxEntry?> FindAsync(Address author, bool verified, params string[] replaced) => replacements.FindAsync(Alice, author, replaced, verified, CancellationToken.None);
    }

    [Theory]
    [InlineData("Supersedes")]
    [InlineData("Obsoletes")]
    public async Task Is_ordinary_mail_where_nobody_vouches_for_the_author(string header)
    {
        await _world.DeliverAsync($"From: bob@mail.test\nTo: alice@example.test\nSubject: Dinner\nMessage-ID: <second@mail.test>\n{header}: <first@mail.test>\n\nAt seven.\n");
        Assert.Equal(["At seven.", "At sefen."], (await MailWorld.ListAsync(_world.Alice)).Select(static row => (string?)row["body"]));
    }
}
