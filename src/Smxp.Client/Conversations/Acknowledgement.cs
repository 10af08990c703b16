namespace Smxp.Client.Conversations;

/// <summary>A receipt that was sent.</summary>
/// <param name="Status"><c>acknowledged</c>.</param>
/// <param name="ConversationId">The conversation.</param>
/// <param name="To">Who was told; null where there was nobody to tell.</param>
/// <param name="Updated">How many messages changed.</param>
/// <param name="ReceiptId">The receipt's id.</param>
public sealed record Acknowledgement(string Status, string ConversationId, string? To, int Updated, string? ReceiptId);
