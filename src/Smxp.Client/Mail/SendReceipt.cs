namespace Smxp.Client.Mail;

/// <summary>What became of a message that was sent, edited, deleted or forwarded.</summary>
/// <param name="Status"><c>sent</c>, <c>edited</c>, <c>deleted</c> or <c>forwarded</c>.</param>
/// <param name="Results">One per recipient, in the order asked.</param>
public sealed record SendReceipt(string Status, IReadOnlyList<SendResult> Results);

/// <summary>What became of it for one recipient.</summary>
public sealed record SendResult
{
    /// <summary><c>sent</c> (the other side has it), <c>queued</c> (it is on its way) or <c>failed</c>.</summary>
    public required string Status { get; init; }

    /// <summary>The recipient.</summary>
    public required string To { get; init; }

    /// <summary>The id of the new message.</summary>
    public string Id { get; init; } = "";

    /// <summary>Its conversation.</summary>
    public string ConversationId { get; init; } = "";

    /// <summary>The message that was edited or deleted.</summary>
    public string? OriginalId { get; init; }

    /// <summary>Why it failed.</summary>
    public string? Error { get; init; }
}
