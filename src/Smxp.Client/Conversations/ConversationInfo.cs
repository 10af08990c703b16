using Smxp.Client.Mail;

namespace Smxp.Client.Conversations;

/// <summary>A conversation as a list shows it.</summary>
public sealed record ConversationInfo
{
    /// <summary>Its id.</summary>
    public required string ConversationId { get; init; }

    /// <summary>Who wrote or was written to.</summary>
    public IReadOnlyList<string> Participants { get; init; } = [];

    /// <summary>Its newest message.</summary>
    public MessageRow? LastMessage { get; init; }

    /// <summary>The subject of its newest message.</summary>
    public string? Subject { get; init; }

    /// <summary>How many messages it has.</summary>
    public int Messages { get; init; }

    /// <summary>How many of its messages are unread.</summary>
    public int Unread { get; init; }
}

/// <summary>A page of conversations.</summary>
/// <param name="Conversations">The one with the newest message first.</param>
/// <param name="Cursors">How to go on.</param>
public sealed record ConversationPage(IReadOnlyList<ConversationInfo> Conversations, PageCursors Cursors);
