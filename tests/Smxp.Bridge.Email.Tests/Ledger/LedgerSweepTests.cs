using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Smxp.Bridge.Email.Ledger;
using Smxp.Bridge.Email.ReturnPaths;
using Smxp.Plugins.Storage;
using Smxp.Protocol;
using Smxp.Testing;

namespace Smxp.Bridge.Email.Tests.Ledger;

public sealed class LedgerSweepTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly Address Alice = Address.Parse("alice@example.test");

    [Fact]
    public async Task Removes_old_lines_of_every_mailbox_and_nothing_else()
    {
        await using var server = await TestServer.StartAsync(static settings => settings.With("Smxp:Bridge:Email:Enabled", "false"));
        var state = server.Services.GetRequiredService<IBridgeState>();
        var ledger = new CrossingLedger(state);
        long now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        const long Day = 86_400;
        for (int i = 0; i < 450; i++) await WriteAsync(Alice, now - (40 * Day) - i, $"old{i}");
        await WriteAsync(Alice, now - (20 * Day), "young");
        await WriteAsync(null, now - (31 * Day), "nobody's");
        await state.PutAsync([new BridgeRecord(EmailBridge.BridgeName, Alice, "in/identity", [])], None);

        var returnPaths = new VerpAddresses(state, new ReturnPathSecret(state), isOn: true, TimeProvider.System);
        await using var sweep = new LedgerSweep(ledger, returnPaths, new LedgerSettings { Days = 30 }, TimeProvider.System, NullLogger<LedgerSweep>.Instance);
        Assert.Equal(451, await sweep.SweepAsync(None));
        Assert.Equal("young", (await ledger.ReadAsync(Alice, null, None).SingleAsync()).Crossing.Id);
        Assert.Empty(await ledger.ReadAsync(null, null, None).ToListAsync());
        Assert.NotNull(await state.GetAsync(EmailBridge.BridgeName, Alice, "in/identity", None));
        Assert.Equal(0, await sweep.SweepAsync(None));

        Task WriteAsync(Address? mailbox, long at, string id) =>
            ledger.WriteAsync(mailbox, CrossingKey.Of(at, id), new Crossing { At = at, Direction = CrossingDirection.In, Outcome = CrossingOutcome.Accepted }, None);
    }
}
