using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Plugins.Host;

/// <summary>
/// The outbox, for bridges: what goes on from here without lying in a mailbox first. A mail relayed as it came, a notification, an envelope from an address the bridge speaks for.
/// What it answers Accepted is on stable storage, and will be carried, tried again and ended as everything else that leaves.
/// </summary>
public interface IDispatch
{
    /// <summary>Enqueues content for transports of the bridge, all or none; a unique record that exists makes it a duplicate.</summary>
    Task<IntakeResult> DispatchAsync(IReadOnlyList<Dispatch> dispatches, IReadOnlyList<BridgeRecord> records, CancellationToken cancellationToken);

    /// <summary>Signs an envelope without id and signature with the default key of its author's domain, which is served here, and sends it by SMXP. <c>{id}</c> in a record's key stands for its id.</summary>
    Task<IntakeResult> SendAsync(Envelope envelope, IReadOnlyList<BridgeRecord> records, CancellationToken cancellationToken);
}

/// <summary>Something for a transport of the bridge.</summary>
public sealed record Dispatch
{
    /// <summary>The transport that carries it.</summary>
    public required string Transport { get; init; }

    /// <summary>What it is called in the queue; for a message of a mailbox here its id, so that its row is told.</summary>
    public required string MessageId { get; init; }

    /// <summary>To whom.</summary>
    public required Address Recipient { get; init; }

    /// <summary>What waits together and shares a limit on attempts at a time; null for the recipient's domain.</summary>
    public string? Destination { get; init; }

    /// <summary>Whose row of <see cref="MessageId"/> is told what becomes of it; null for nobody's.</summary>
    public Address? Sender { get; init; }

    /// <summary>The same for what can be carried together; null for what goes alone.</summary>
    public string? Group { get; init; }

    /// <summary>Not before this, Unix seconds; null for at once.</summary>
    public long? NotBefore { get; init; }

    /// <summary>What the transport finds in <see cref="OutboxEntry.Envelope"/>; at most 1 MiB, larger things belong in a blob.</summary>
    public required ReadOnlyMemory<byte> Content { get; init; }
}
