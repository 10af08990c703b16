using Smxp.Bridge.Email.Administration;
using Smxp.Plugins.Bridge;
using Smxp.Plugins.Host;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Routing;

/// <summary>
/// What the administrator asks and changes of hybrid domains: <c>GET routing</c> lists them and what was chosen, <c>GET routing/{address}</c> says where an address's mail goes,
/// <c>PUT routing/{address}</c> <c>{ "deliver": "smxp" | "email" | "both" }</c> changes it.
/// </summary>
internal sealed class RoutingResource(HybridDomains domains, DeliveryChoices choices, AddressRouter router, IMessageIntake intake, IMailboxes mailboxes, TimeProvider time) : IResource
{
    private const string Segment = "routing";
    private const int Page = 200;
    // Enough to say "many".
    private const int MostCounted = 10_000;

    public async ValueTask<BridgeAnswer?> TryAnswerAsync(BridgeCall call, CancellationToken cancellationToken)
    {
        if (!call.IsAdmin || call.Segments is not [Segment, ..]) return null;
        if (call is { Method: "GET", Segments.Count: 1 }) return await ListAsync(cancellationToken);
        if (call.Segments.Count != 2 || !Address.TryParse(call.Segments[1], out var address)) return BridgeAnswer.NotFound("address not found");
        if (domains.LegacyServerOf(address.Domain) is not { } server) return BridgeAnswer.Conflict($"{address.Domain} is no hybrid domain: the server's settings name no HybridDomains:{address.Domain}");
        return call.Method switch
        {
            "GET" => BridgeAnswer.Found(await ViewAsync(address, server, null, cancellationToken)),
            "PUT" => await ChangeAsync(address, server, call.Read<Change>().Deliver, cancellationToken),
            _ => BridgeAnswer.NotFound(),
        };
    }

    private async Task<BridgeAnswer> ListAsync(CancellationToken cancellationToken)
    {
        List<Chosen> chosen = [];
        await foreach (var (address, choice) in choices.ListAsync(cancellationToken)) chosen.Add(new Chosen(address, DeliveryChoices.Word(choice.To), choice.Since));
        return BridgeAnswer.Found(new Overview([.. domains.Names.Select(name => new Hybrid(name, domains.LegacyServerOf(name)!.ToString()))], chosen));
    }

    private async Task<BridgeAnswer> ChangeAsync(Address address, Outbound.SmartHost server, string? word, CancellationToken cancellationToken)
    {
        if (DeliveryChoices.Parse(word) is not { } to) return BridgeAnswer.Invalid("deliver must be smxp, email or both");
        var before = await choices.FindAsync(address, cancellationToken);
        // Chosen again, it holds since it was first chosen.
        if (before?.To != to) await choices.SetAsync(address, new DeliveryChoice(to, time.GetUtcNow().ToUnixTimeSeconds()), cancellationToken);
        int? arrived = to == DeliverTo.Email ? await CountAsync(address, before is { To: not DeliverTo.Email } ? before.Since : 0, cancellationToken) : null;
        return BridgeAnswer.Found(await ViewAsync(address, server, arrived, cancellationToken));
    }

    private async Task<View> ViewAsync(Address address, Outbound.SmartHost server, int? arrived, CancellationToken cancellationToken)
    {
        bool hasInbox = await intake.LookUpAsync(address, cancellationToken) == RecipientKind.Local;
        var ways = await router.FindAsync(address, hasInbox, cancellationToken) ?? AddressWays.None;
        var choice = await choices.FindAsync(address, cancellationToken);
        string goes = ways switch { AddressWays.Legacy => "email", AddressWays.Here => "smxp", _ => "both" };
        return new View(address.ToString(), goes, choice is null ? null : DeliveryChoices.Word(choice.To), choice?.Since, hasInbox, server.ToString(), arrived);
    }

    // What came to the inbox since; it stays there.
    private async Task<int> CountAsync(Address mailbox, long since, CancellationToken cancellationToken)
    {
        int count = 0;
        long? before = null;
        while (count < MostCounted)
        {
            var page = await mailboxes.QueryAsync(new MailboxQuery { Mailbox = mailbox, Direction = Direction.In, Before = before, Limit = Page }, cancellationToken);
            foreach (var entry in page.Entries)
            {
                if (entry.CreatedAt < since) return count;
                count++;
                before = entry.Sequence;
            }

            if (page.Entries.Count < Page) return count;
        }

        return count;
    }

    private sealed record Change(string? Deliver);

    private sealed record Overview(IReadOnlyList<Hybrid> Domains, IReadOnlyList<Chosen> Addresses);

    private sealed record Hybrid(string Domain, string LegacyServer);

    private sealed record Chosen(string Address, string Deliver, long Since);

    private sealed record View(string Address, string Deliver, string? Chosen, long? Since, bool HasInbox, string LegacyServer, int? Arrived);
}
