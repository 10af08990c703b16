using System.Text.Json;

namespace Smxp.Bridge.Email.Puppets;

/// <summary>What is remembered of a message that went through a puppet, as the mail it is on the other side.</summary>
internal sealed record PuppetMail
{
    /// <summary>The mail's Message-ID, without brackets.</summary>
    public required string MessageId { get; init; }

    /// <summary>The Message-IDs of its ancestors, oldest first.</summary>
    public IReadOnlyList<string> References { get; init; } = [];

    /// <summary>Its subject, or the one it takes over.</summary>
    public string? Subject { get; init; }

    /// <summary>The subject of what it answers; null where it answers nothing.</summary>
    public string? Answered { get; init; }

    /// <summary>The conversation on SMXP.</summary>
    public required string ConversationId { get; init; }

    /// <summary>The key of the ledger's line about it, where it left as mail; null otherwise.</summary>
    public string? Line { get; init; }

    /// <summary>Who is on email.</summary>
    public required string Correspondent { get; init; }

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this);

    public static PuppetMail Read(byte[] value) => JsonSerializer.Deserialize<PuppetMail>(value) ?? throw new InvalidDataException("A puppet's mail has no record.");
}
