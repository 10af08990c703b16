using Smxp.Protocol;

namespace Smxp.Plugins.Storage;

/// <summary>An entry in a mailbox's log.</summary>
/// <remarks>For <c>message</c> entries the later edits and deletes are in <see cref="Current"/>, <see cref="EditedBy"/> and <see cref="Deleted"/>; <see cref="Envelope"/> stays what was sent.</remarks>
public sealed record MailboxEntry
{
    /// <summary>Its place in the mailbox; what cursors, stream replay and IMAP UIDs hang on.</summary>
    public required long Sequence { get; init; }

    /// <summary>The sequence of its last change; equal to <see cref="Sequence"/> while unchanged.</summary>
    public required long ModifiedSequence { get; init; }

    /// <summary><c>message</c>, <c>edit</c>, <c>delete</c>, <c>receipt</c>, or <c>read_status</c>, <c>status</c>, <c>conversation</c> (messages lie in this one now) for changes made here.</summary>
    public required string Kind { get; init; }

    /// <summary>The envelope's id; for <c>read_status</c>, <c>status</c> and <c>conversation</c> the id of the message (or the newest of them) that changed.</summary>
    public required string Id { get; init; }

    /// <summary>The mailbox.</summary>
    public required Address Mailbox { get; init; }

    /// <summary>In or out.</summary>
    public required Direction Direction { get; init; }

    /// <summary>The envelope as sent; null for <c>read_status</c>, <c>status</c> and <c>conversation</c>.</summary>
    public SignedEnvelope? Envelope { get; init; }

    /// <summary>The newest edit applied to a message; null where there is none.</summary>
    public SignedEnvelope? Current { get; init; }

    /// <summary>The conversation it lies in: the one its envelope names, unless that was merged or it was moved (<see cref="IConversations"/>).</summary>
    public required string ConversationId { get; init; }

    /// <summary>See <see cref="Delivery.DeliveredTo"/>.</summary>
    public string DeliveredTo { get; init; } = "";

    /// <summary>See <see cref="Delivery.Verified"/>.</summary>
    public bool Verified { get; init; }

    /// <summary>See <see cref="Delivery.Authentication"/>.</summary>
    public AuthenticationSummary? Authentication { get; init; }

    /// <summary>See <see cref="Delivery.OnBehalfOf"/>.</summary>
    public string? OnBehalfOf { get; init; }

    /// <summary>See <see cref="Delivery.Transport"/>.</summary>
    public string Transport { get; init; } = "local";

    /// <summary>See <see cref="Delivery.Participants"/>.</summary>
    public IReadOnlyList<string> Participants { get; init; } = [];

    /// <summary>0 unread, 1 read, 2 acknowledged. For a <c>read_status</c> entry, the new status.</summary>
    public int ReadStatus { get; init; }

    /// <summary>How far a sent message got; null for what is received.</summary>
    public SendStatus? Status { get; init; }

    /// <summary>Why it failed, or why it waits.</summary>
    public string? Error { get; init; }

    /// <summary>The id of the newest edit applied.</summary>
    public string? EditedBy { get; init; }

    /// <summary>Whether its author took it back.</summary>
    public bool Deleted { get; init; }

    /// <summary>For <c>read_status</c>: the ids that changed, at most 1,000; for <c>receipt</c> likewise, and for <c>conversation</c> those that moved.</summary>
    public IReadOnlyList<string> Affected { get; init; } = [];

    /// <summary>When it was accepted here, Unix seconds.</summary>
    public required long CreatedAt { get; init; }
}

/// <summary>Which entries to read.</summary>
public sealed record MailboxQuery
{
    /// <summary>The mailbox.</summary>
    public required Address Mailbox { get; init; }

    /// <summary>Only these kinds; null for every kind. Listings ask for <c>message</c>, the stream for all.</summary>
    public IReadOnlyList<string>? Kinds { get; init; } = ["message"];

    /// <summary>Only this direction.</summary>
    public Direction? Direction { get; init; }

    /// <summary>Only this conversation; one that was merged into another means that one (<see cref="IConversations"/>).</summary>
    public string? ConversationId { get; init; }

    /// <summary>Only messages that match every word of this text, in subject, body, participants or attachment names (as edited; deleted ones never match). A word ending in <c>*</c> is a prefix. Any text is allowed.</summary>
    public string? Text { get; init; }

    /// <summary>Only sequences greater than this.</summary>
    public long? After { get; init; }

    /// <summary>Only sequences less than this.</summary>
    public long? Before { get; init; }

    /// <summary>Oldest first, beginning after <see cref="After"/>; otherwise newest first, beginning before <see cref="Before"/>.</summary>
    public bool OldestFirst { get; init; }

    /// <summary>How many at most.</summary>
    public int Limit { get; init; } = 20;

    /// <summary>How many bytes of envelopes at most; but one entry is always answered. What bounds the memory a page of large messages takes.</summary>
    public long MaxBytes { get; init; } = 8 * 1024 * 1024;
}

/// <summary>A page of entries.</summary>
/// <param name="Entries">The entries, in the order asked.</param>
/// <param name="HasMore">Whether there are more in that direction.</param>
public sealed record MailboxPage(IReadOnlyList<MailboxEntry> Entries, bool HasMore);

/// <summary>A conversation as a list shows it.</summary>
/// <param name="ConversationId">Its id.</param>
/// <param name="Last">Its newest message.</param>
/// <param name="Participants">The addresses that wrote or were written to, at most 100.</param>
/// <param name="Messages">How many messages it has.</param>
/// <param name="Unread">How many of them are unread.</param>
public sealed record ConversationSummary(string ConversationId, MailboxEntry Last, IReadOnlyList<string> Participants, int Messages, int Unread);

/// <summary>A page of conversations.</summary>
/// <param name="Conversations">The conversations, the newest first.</param>
/// <param name="HasMore">Whether there are older ones.</param>
public sealed record ConversationPage(IReadOnlyList<ConversationSummary> Conversations, bool HasMore);

/// <summary>The counters of a mailbox.</summary>
/// <param name="LastSequence">The newest sequence given in it.</param>
/// <param name="Unread">How many received messages are unread, over all conversations.</param>
public readonly record struct MailboxStatus(long LastSequence, int Unread);

/// <summary>Unread messages in a conversation.</summary>
/// <param name="ConversationId">Its id.</param>
/// <param name="Count">How many, at least 1.</param>
public sealed record UnreadCount(string ConversationId, int Count);

/// <summary>A read mark: on one message, or on all received in a conversation.</summary>
/// <param name="Mailbox">The mailbox.</param>
/// <param name="MessageId">The message; null for the whole conversation.</param>
/// <param name="ConversationId">The conversation; null for one message.</param>
/// <param name="ReadStatus">1 read, 2 acknowledged; 0 marks unread again (one message only).</param>
/// <param name="At">When, Unix seconds.</param>
public sealed record Mark(Address Mailbox, string? MessageId, string? ConversationId, int ReadStatus, long At);

/// <summary>What a mark changed.</summary>
/// <param name="Updated">How many messages changed.</param>
/// <param name="Sequence">The entry logged, to publish; null where nothing changed.</param>
public sealed record MarkResult(int Updated, long? Sequence);
