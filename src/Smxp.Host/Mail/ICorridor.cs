using System.Text.Json.Serialization;
using Smxp.Host.Errors;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Host.Mail;

/// <summary>The one way a message takes, whichever door it came in by: authorised → routed → committed → published.</summary>
internal interface ICorridor
{
    /// <summary>From the client API and delegate-send: signs one envelope per recipient, stores the sender's copies, delivers locally, queues the rest.</summary>
    Task<SendOutcome> SendAsync(Submission submission, CancellationToken cancellationToken);

    /// <summary>From federation: an envelope whose signature and id were verified, for a domain served here.</summary>
    Task<ReceiveOutcome> ReceiveAsync(SignedEnvelope envelope, CancellationToken cancellationToken);
}

/// <summary>What a sender asks for.</summary>
internal sealed record Submission
{
    /// <summary>The author.</summary>
    public required Address From { get; init; }

    /// <summary>The delegate who asks in the author's name, already authorised; null for the author.</summary>
    public Address? OnBehalfOf { get; init; }

    public required IReadOnlyList<Address> To { get; init; }
    public string Type { get; init; } = EnvelopeType.Message;
    public string ContentType { get; init; } = "text";
    public string? Name { get; init; }
    public string? Subject { get; init; }
    public string? Body { get; init; }
    public string? InReplyTo { get; init; }
    public long? Expires { get; init; }

    /// <summary>Whether the author wants to be told when it is read, by recipients whose side tells only where it is asked.</summary>
    public bool RequestReceipt { get; init; }

    /// <summary>Null for a new conversation.</summary>
    public string? ConversationId { get; init; }

    /// <summary>The author's own blobs; each recipient gets its own download token.</summary>
    public IReadOnlyList<SubmittedAttachment> Attachments { get; init; } = [];

    /// <summary>What a bridge remembers with the message to each recipient; <c>{id}</c> in a key stands for its id.</summary>
    public IReadOnlyDictionary<Address, IReadOnlyList<BridgeRecord>>? Records { get; init; }

    /// <summary>Whether the answer waits a moment for the first attempts at what leaves.</summary>
    public bool IsAwaited { get; init; } = true;
}

/// <summary>An attachment as a client names it: a blob it uploaded.</summary>
internal sealed record SubmittedAttachment(string BlobId, string? Name, string? ContentType, string? Disposition, BlobEncryption? Encryption, System.Text.Json.JsonElement? Thumbnail);

/// <summary>What became of a submission: results per recipient, or one rejection for all.</summary>
internal sealed record SendOutcome(Rejection? Rejection, IReadOnlyList<SendResult> Results)
{
    public static SendOutcome Refused(Rejection rejection) => new(rejection, []);
}

/// <summary>One recipient's result, as the API answers it (P§8).</summary>
internal sealed record SendResult(
    string Status, string To, string Id, string ConversationId, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Error = null);

/// <summary>What became of a received envelope, as <c>/receive</c> answers it (P§6).</summary>
internal sealed record ReceiveOutcome(Rejection? Rejection, string Id, string OriginalTo, IReadOnlyList<string> DeliveredTo, IReadOnlyList<string> ForwardedTo, int? Updated)
{
    public static ReceiveOutcome Refused(Rejection rejection, Envelope envelope) => new(rejection, envelope.Id, envelope.To, [], [], null);
}
