namespace Smxp.Protocol;

/// <summary>One message from one sender to one recipient (SMXP §2), as values. Immutable.</summary>
/// <remarks>
/// Strings are kept exactly as written, lone surrogates included, since the signature and the content id depend on them.
/// Times are Unix seconds. The wire form is <see cref="SignedEnvelope"/>.
/// </remarks>
public sealed record Envelope
{
    /// <summary>The only version there is.</summary>
    public const string CurrentVersion = "SMXP/1.0";

    /// <summary><c>SMXP/1.0</c>.</summary>
    public string Version { get; init; } = CurrentVersion;

    /// <summary>The content id (SMXP §3); see <see cref="ContentId"/>.</summary>
    public string Id { get; init; } = "";

    /// <summary>The author's address.</summary>
    public required string From { get; init; }

    /// <summary>The one recipient's address.</summary>
    public required string To { get; init; }

    /// <summary>The sender's clock, Unix seconds.</summary>
    public required long Timestamp { get; init; }

    /// <summary>The conversation this belongs to; opaque and not empty.</summary>
    public required string ConversationId { get; init; }

    /// <summary>One of <see cref="EnvelopeType"/>.</summary>
    public string Type { get; init; } = EnvelopeType.Message;

    /// <summary>The name of the content type of <see cref="Body"/>: <c>text</c>, <c>markdown</c>, <c>html</c>, <c>forward</c> or a plugin's.</summary>
    public string ContentType { get; init; } = "text";

    /// <summary>The sender's display name; null or not blank.</summary>
    public string? Name { get; init; }

    /// <summary>The subject, or null where there is none.</summary>
    public string? Subject { get; init; }

    /// <summary>The body, or null where there is none.</summary>
    public string? Body { get; init; }

    /// <summary>The id of the message answered, edited or deleted.</summary>
    public string? InReplyTo { get; init; }

    /// <summary>After this time (Unix seconds) the message is no longer relevant.</summary>
    public long? Expires { get; init; }

    /// <summary>The attachments, never null.</summary>
    public IReadOnlyList<Attachment> Attachments { get; init; } = [];

    /// <summary>The signature, base64url without padding; empty while unsigned.</summary>
    public string ServerSignature { get; init; } = "";

    /// <summary>The id of the key of the <see cref="From"/> domain that signed; empty while unsigned.</summary>
    public string ServerKeyId { get; init; } = "";
}
