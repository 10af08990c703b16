namespace Smxp.Protocol;

/// <summary>What an envelope does (SMXP §2).</summary>
public static class EnvelopeType
{
    /// <summary>A message.</summary>
    public const string Message = "message";

    /// <summary>Replaces the content of the message named by <c>in_reply_to</c>.</summary>
    public const string Edit = "edit";

    /// <summary>Takes back the message named by <c>in_reply_to</c>.</summary>
    public const string Delete = "delete";

    /// <summary>Marks what its sender was sent in the conversation, up to its timestamp, as read. Applied, never stored as a message.</summary>
    public const string Receipt = "receipt";

    /// <summary>Whether the text is one of the four types.</summary>
    public static bool IsKnown(string type) => type is Message or Edit or Delete or Receipt;
}
