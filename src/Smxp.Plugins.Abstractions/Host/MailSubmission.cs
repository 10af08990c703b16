using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Plugins.Host;

/// <summary>What somebody of this server sends by way of a bridge: one call of its author, to all recipients.</summary>
public sealed record MailSubmission
{
    /// <summary>The author, an address served here.</summary>
    public required Address Author { get; init; }

    /// <summary>Who signed in: the author, or somebody to whom the author delegated <c>send</c> or <c>manage</c>. Anybody else is refused.</summary>
    public required Address Sender { get; init; }

    /// <summary>To whom; at most 100, each once.</summary>
    public required IReadOnlyList<SubmissionRecipient> Recipients { get; init; }

    /// <summary>The conversation, in the author's mailbox.</summary>
    public required string ConversationId { get; init; }

    /// <summary>The message it answers, in the author's mailbox; null for none.</summary>
    public string? InReplyTo { get; init; }

    /// <summary>The content type of <see cref="Body"/>.</summary>
    public required string ContentType { get; init; }

    /// <summary>The author's name, as it is shown.</summary>
    public string? Name { get; init; }

    /// <summary>The subject.</summary>
    public string? Subject { get; init; }

    /// <summary>The body.</summary>
    public string? Body { get; init; }

    /// <summary>When it expires, Unix seconds; null for never.</summary>
    public long? Expires { get; init; }

    /// <summary>What <see cref="IBlobs.StoreAsync"/> stored in the author's name; each recipient gets its own download token.</summary>
    public IReadOnlyList<Attachment> Attachments { get; init; } = [];
}

/// <summary>One recipient of a submission.</summary>
/// <param name="Address">The address, here or elsewhere.</param>
/// <param name="BridgeRecords">What the bridge remembers with the message to it. <c>{id}</c> in a key stands for the message's id.</param>
public sealed record SubmissionRecipient(Address Address, IReadOnlyList<BridgeRecord> BridgeRecords);
