using Smxp.Plugins.Bridge;
using Smxp.Plugins.Delivery;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Host.Delivery;

/// <summary>The ways out, in the order they are asked: SMXP first, then what the bridges add. The first that leads to a recipient carries the message.</summary>
internal sealed class Exits(IServiceProvider services)
{
    // Asked for late: a bridge is made of what leads here (the intake, the mailboxes), so here it cannot be asked for at once.
    private readonly Lazy<ITransport[]> _ordered = new(() =>
        [.. services.GetServices<ITransport>().Concat(services.GetServices<IBridge>().SelectMany(static b => b.Transports)).OrderBy(static t => t.Order)]);

    /// <summary>Which way leads to a recipient; where none does, why not.</summary>
    public async ValueTask<Way> ChooseAsync(Address recipient, CancellationToken cancellationToken)
    {
        List<string> reasons = [];
        foreach (ITransport transport in _ordered.Value)
        {
            Reach reach = await transport.ReachAsync(recipient, cancellationToken);
            if (reach.Kind == ReachKind.Yes) return new Way(ReachKind.Yes, transport, null);
            if (reach.Kind != ReachKind.No) return new Way(reach.Kind, transport, reach.Reason);
            reasons.Add($"{transport.Name}: {reach.Reason ?? "not offered"}");
        }

        string looked = reasons.Count == 0 ? "no way out of this server is configured" : string.Join("; ", reasons);
        return new Way(ReachKind.No, null, $"no way to deliver to {recipient.Domain} ({looked})");
    }

    /// <summary>The transport of this name; null where none is enabled.</summary>
    public ITransport? Find(string name) => Array.Find(_ordered.Value, transport => transport.Name == name);

    /// <summary>How long a message by this transport waits before its first attempt.</summary>
    public TimeSpan HoldTimeOf(string transport) => Find(transport)?.HoldTime ?? TimeSpan.Zero;

    /// <summary>Has every way out ask again whom it passes over at the moment.</summary>
    public void ForgetFailures() => Array.ForEach(_ordered.Value, static transport => transport.ForgetFailures());

    /// <summary>Tries once to hand an entry over, by the way it must take or the first that leads there.</summary>
    public async Task<(string? Transport, HandOver Result)> TryAsync(OutboxEntry entry, CancellationToken cancellationToken)
    {
        if (entry.Transport is { } required)
        {
            ITransport? transport = Array.Find(_ordered.Value, t => t.Name == required);
            return transport is null
                ? (required, new HandOver(HandOverKind.Deferred, $"the way out '{required}' is not enabled on this server"))
                : (required, await transport.SendAsync(entry, cancellationToken));
        }

        Way way = await ChooseAsync(entry.Recipient, cancellationToken);
        return way.Kind switch
        {
            ReachKind.Yes => (way.Transport!.Name, await way.Transport.SendAsync(entry, cancellationToken)),
            ReachKind.Unknown => (null, new HandOver(HandOverKind.Deferred, way.Reason)),
            _ => (null, new HandOver(HandOverKind.Rejected, way.Reason)),
        };
    }
}

/// <summary>The verdict of all transports on a recipient.</summary>
internal sealed record Way(ReachKind Kind, ITransport? Transport, string? Reason);
