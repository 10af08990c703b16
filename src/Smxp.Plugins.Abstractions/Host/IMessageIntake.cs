using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Plugins.Host;

/// <summary>The corridor, for bridges: puts a message from elsewhere into local mailboxes, and one from here on its way. What it answers Accepted is on stable storage.</summary>
public interface IMessageIntake
{
    /// <summary>Whether an address is served here. For RCPT-time checks.</summary>
    ValueTask<RecipientKind> LookUpAsync(Address recipient, CancellationToken cancellationToken);

    /// <summary>Signs the message as attested by the recipient's domain, routes, commits and publishes it.</summary>
    Task<IntakeResult> AcceptAsync(InboundMessage message, CancellationToken cancellationToken);

    /// <summary>
    /// Sends what somebody here handed in, as the API does: a message for each recipient, the author's rows, the rows of local recipients and what leaves, in one transaction. It does not wait for what leaves.
    /// A unique record that exists makes all of it a duplicate. The result's id is the first message's.
    /// </summary>
    Task<IntakeResult> SubmitAsync(MailSubmission mail, CancellationToken cancellationToken);
}

/// <summary>What an address is to this server.</summary>
public enum RecipientKind
{
    /// <summary>Its domain is not served here.</summary>
    Remote,

    /// <summary>Its domain is served here, but there is neither an inbox nor a route.</summary>
    Unknown,

    /// <summary>An inbox, or a route that leads on.</summary>
    Local,
}

/// <summary>A message from another world.</summary>
/// <param name="Envelope">The message to one local recipient, without id and signature.</param>
/// <param name="Transport">The row's <c>transport</c>.</param>
/// <param name="Verified">Whether the other world vouches for the author.</param>
/// <param name="BridgeRecords">What the bridge remembers with it. <c>{id}</c> in a key stands for the envelope's id. A unique record that exists makes this a duplicate.</param>
public sealed record InboundMessage(Envelope Envelope, string Transport, bool Verified, IReadOnlyList<BridgeRecord> BridgeRecords)
{
    /// <summary>What was found out about its origin, for the row; null where nobody looked.</summary>
    public AuthenticationSummary? Authentication { get; init; }

    /// <summary>Everybody the message is between, where there are more than its author and its recipient; see <see cref="Storage.Delivery.Participants"/>.</summary>
    public IReadOnlyList<string> Participants { get; init; } = [];
}

/// <summary>What became of an inbound message.</summary>
/// <param name="Kind">The outcome.</param>
/// <param name="Id">The envelope's id, where accepted.</param>
/// <param name="Error">Why not, in words for the other side.</param>
public sealed record IntakeResult(IntakeKind Kind, string? Id = null, string? Error = null);

/// <summary>The outcome of an intake.</summary>
public enum IntakeKind
{
    /// <summary>Stored.</summary>
    Accepted,

    /// <summary>Stored before; nothing to do, and to the other side a success.</summary>
    Duplicate,

    /// <summary>No such recipient.</summary>
    UnknownRecipient,

    /// <summary>Never acceptable.</summary>
    Rejected,

    /// <summary>Not now: a full disk, a store that is down. Nothing was stored.</summary>
    Unavailable,
}
