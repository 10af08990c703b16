namespace Smxp.Storage.Relational.Messages.Commits;

/// <summary>A mailbox during a transaction. What changes is written once, at its end.</summary>
internal sealed class MailboxState(long no, long lastSequence, int unread)
{
    public long No => no;

    public long LastSequence { get; private set; } = lastSequence;

    public int Unread { get; private set; } = unread;

    public bool Changed { get; private set; }

    public Dictionary<string, ConversationState> Conversations { get; } = new(StringComparer.Ordinal);

    public long NextSequence()
    {
        Changed = true;
        return ++LastSequence;
    }

    public void AddUnread(int difference)
    {
        if (difference == 0) return;
        Changed = true;
        Unread += difference;
    }
}
