namespace Smxp.Client.Mail;

/// <summary>Unread messages by conversation.</summary>
/// <param name="Total">How many in all.</param>
/// <param name="Conversations">The conversations that have any.</param>
public sealed record UnreadCounts(int Total, IReadOnlyList<UnreadConversation> Conversations);

/// <summary>Unread messages in one conversation.</summary>
/// <param name="ConversationId">The conversation.</param>
/// <param name="Count">How many, at least 1.</param>
public sealed record UnreadConversation(string ConversationId, int Count);
