using System.Data.Common;
using System.Globalization;
using Smxp.Protocol;

namespace Smxp.Storage.Relational.Messages.Commits;

/// <summary>
/// The mailboxes and conversations that a transaction touches: read once, changed in memory, written once at its end. A hundred messages for one mailbox in one
/// transaction are one update of its counters.
/// </summary>
internal sealed class MailboxLedger
{
    private const string State = "SELECT conversation_no, last_entry, messages, unread, participants, merged_into, parted FROM conversations";

    private readonly Dictionary<Address, MailboxState> _mailboxes = [];
    private readonly Dictionary<long, ConversationState> _conversations = [];

    private MailboxLedger(WriteTransaction transaction)
    {
        Statements = transaction.Statements;
        transaction.BeforeCommit(Flush);
        Search = new SearchLedger(transaction);
    }

    public Statements Statements { get; }

    public SearchLedger Search { get; }

    public static MailboxLedger Of(WriteTransaction transaction) => transaction.Shared(static transaction => new MailboxLedger(transaction));

    public MailboxState? Find(Address address)
    {
        if (_mailboxes.TryGetValue(address, out MailboxState? known)) return known;
        using DbDataReader row = Statements["SELECT mailbox_no, last_sequence, unread, revised FROM mailboxes WHERE address = @p0"].Read(address.ToString());
        return row.Read() ? _mailboxes[address] = new MailboxState(row.GetInt64(0), row.GetInt64(1), row.GetInt32(2), row.GetBoolean(3)) : null;
    }

    public MailboxState GetOrAdd(Address address)
    {
        if (Find(address) is { } known) return known;
        object? number = Statements["INSERT INTO mailboxes (address, last_sequence, unread, revised) VALUES (@p0, 0, 0, FALSE) RETURNING mailbox_no"].Scalar(address.ToString());
        return _mailboxes[address] = new MailboxState(Convert.ToInt64(number, CultureInfo.InvariantCulture), 0, 0, revised: false);
    }

    /// <summary>The conversation that an id leads to.</summary>
    public ConversationState? Find(MailboxState mailbox, string conversationId) => FindNamed(mailbox, conversationId) is { } named ? Follow(mailbox, named) : null;

    /// <summary>Where a conversation was merged into; itself where it was not. No merge makes a circle, since both of its sides are ends.</summary>
    public ConversationState Follow(MailboxState mailbox, ConversationState conversation)
    {
        while (conversation.MergedInto is { } next) conversation = Find(mailbox, next);
        return conversation;
    }

    /// <summary>The conversation of an id, merged or not.</summary>
    public ConversationState? FindNamed(MailboxState mailbox, string conversationId)
    {
        if (mailbox.Conversations.TryGetValue(conversationId, out ConversationState? known)) return known;
        using DbDataReader row = Statements[$"{State} WHERE mailbox_no = @p0 AND conversation_id = @p1"].Read(mailbox.No, conversationId);
        return row.Read() ? mailbox.Conversations[conversationId] = Read(mailbox, row) : null;
    }

    public ConversationState Find(MailboxState mailbox, long conversationNo)
    {
        if (_conversations.TryGetValue(conversationNo, out ConversationState? known)) return known;
        using DbDataReader row = Statements[$"{State} WHERE conversation_no = @p0"].Read(conversationNo);
        return row.Read() ? Read(mailbox, row) : throw new InvalidOperationException("An entry names a conversation that does not exist.");
    }

    /// <inheritdoc cref="FindNamed"/>
    public ConversationState GetOrAddNamed(MailboxState mailbox, string conversationId)
    {
        if (FindNamed(mailbox, conversationId) is { } known) return known;
        long number = Convert.ToInt64(
            Statements["INSERT INTO conversations (mailbox_no, conversation_id, messages, unread) VALUES (@p0, @p1, 0, 0) RETURNING conversation_no"].Scalar(mailbox.No, conversationId),
            CultureInfo.InvariantCulture);
        return mailbox.Conversations[conversationId] = _conversations[number] = new ConversationState(mailbox, number, null, 0, 0, null);
    }

    // One that was found by its number before stays the one there is.
    private ConversationState Read(MailboxState mailbox, DbDataReader row)
    {
        long number = row.GetInt64(0);
        if (_conversations.TryGetValue(number, out ConversationState? known)) return known;
        return _conversations[number] = new ConversationState(
            mailbox, number, row.IsDBNull(1) ? null : row.GetInt64(1), row.GetInt32(2), row.GetInt32(3), row.IsDBNull(4) ? null : row.GetString(4),
            row.IsDBNull(5) ? null : row.GetInt64(5), row.GetBoolean(6));
    }

    private void Flush()
    {
        Statement mailboxes = Statements["UPDATE mailboxes SET last_sequence = @p1, unread = @p2, revised = @p3 WHERE mailbox_no = @p0"];
        foreach (MailboxState mailbox in _mailboxes.Values.Where(static mailbox => mailbox.Changed)) mailboxes.Execute(mailbox.No, mailbox.LastSequence, mailbox.Unread, mailbox.Revised);
        Statement conversations = Statements["UPDATE conversations SET last_entry = @p1, messages = @p2, unread = @p3, participants = @p4 WHERE conversation_no = @p0"];
        foreach (ConversationState conversation in _conversations.Values.Where(static conversation => conversation.Changed))
            conversations.Execute(conversation.No, conversation.LastEntry, conversation.Messages, conversation.Unread, conversation.Participants);
        Search.Flush();
    }
}
