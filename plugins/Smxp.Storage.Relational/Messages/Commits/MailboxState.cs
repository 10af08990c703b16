namespace Smxp.Storage.Relational.Messages.Commits;

/// <summary>A mailbox during a transaction. What changes is written once, at its end.</summary>
internal sealed class MailboxState(long no, long lastSequence, int unread, bool revised)
{
    public long No => no;

    public long LastSequence { get; private set; } = lastSequence;

    public int Unread { get; private set; } = unread;

    /// <summary>Whether an edit or delete was ever stored here: where none was, none can wait for a message.</summary>
    public bool Revised { get; private set; } = revised;

    public bool Changed { get; private set; }

    public Dictionary<string, ConversationState> Conversations { get; } = new(StringComparer.Ordinal);

    public long NextSequence()
    {
        Changed = true;
        return ++LastSequence;
    }

    /// <summary>Notes an edit or delete. It has a sequence too, so the mailbox is written anyway.</summary>
    public void Revise() => Revised = true;

    public void AddUnread(int difference)
    {
        if (difference == 0) return;
        Changed = true;
        Unread += difference;
    }
}
