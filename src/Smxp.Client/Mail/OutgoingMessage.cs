using System.Text.Json;
using Smxp.Protocol;

namespace Smxp.Client.Mail;

/// <summary>A message to send. What is null is left to the server.</summary>
public sealed record OutgoingMessage
{
    /// <summary>The recipients' addresses.</summary>
    public required IReadOnlyList<string> To { get; init; }

    /// <summary>In whose name, where another account delegated <c>send</c> or <c>manage</c> to this one; null for one's own.</summary>
    public string? From { get; init; }

    /// <summary>The sender's display name.</summary>
    public string? Name { get; init; }

    /// <summary>The subject.</summary>
    public string? Subject { get; init; }

    /// <summary>The body, in the form that <see cref="ContentType"/> names.</summary>
    public string? Body { get; init; }

    /// <summary><c>text</c> (what null means), <c>markdown</c>, <c>html</c> or a plugin's.</summary>
    public string? ContentType { get; init; }

    /// <summary>The conversation to go on with; null begins one.</summary>
    public string? ConversationId { get; init; }

    /// <summary>The message answered.</summary>
    public string? InReplyTo { get; init; }

    /// <summary>When it is no longer relevant, Unix seconds.</summary>
    public long? Expires { get; init; }

    /// <summary>One of <see cref="EnvelopeType"/>; null for a message.</summary>
    public string? Type { get; init; }

    /// <summary>Whether to ask for a receipt where the recipient's side sends none unasked (email); null for not.</summary>
    public bool? RequestReceipt { get; init; }

    /// <summary>Uploaded files, from <see cref="Blobs.BlobClient.UploadAsync"/>.</summary>
    public IReadOnlyList<OutgoingAttachment>? Attachments { get; init; }

    /// <summary>The answer to a message: to its author, in its conversation.</summary>
    /// <param name="message">The message answered.</param>
    /// <param name="body">The answer.</param>
    public static OutgoingMessage ReplyTo(MessageRow message, string body)
    {
        ArgumentNullException.ThrowIfNull(message);
        return new() { To = [message.From], Body = body, Subject = message.Subject, ConversationId = message.ConversationId, InReplyTo = message.Id };
    }
}

/// <summary>An uploaded blob, as a message names it. The encryption keys travel inside the message only.</summary>
public sealed record OutgoingAttachment
{
    /// <summary>The blob, finalised.</summary>
    public required string BlobId { get; init; }

    /// <summary>The file's name.</summary>
    public string? Name { get; init; }

    /// <summary>The file's media type.</summary>
    public string? ContentType { get; init; }

    /// <summary><c>attachment</c> (what null means), <c>inline</c> or <c>embedded</c>.</summary>
    public string? Disposition { get; init; }

    /// <summary>The keys; null where the blob is plain.</summary>
    public BlobEncryption? Encryption { get; init; }

    /// <summary>A preview (SMXP §4).</summary>
    public JsonElement? Thumbnail { get; init; }
}
