namespace Smxp.Storage.Relational.Messages.Commits;

/// <summary>A mailbox during a transaction. What changes is written once, at its end.</summary>
internal sealed class MailboxState(long no, long lastSequence)
{
    public long No => no;

    public long LastSequence { get; private set; } = lastSequence;

    public bool Changed { get; private set; }

    public Dictionary<string, ConversationState> Conversations { get; } = new(StringComparer.Ordinal);

    public long NextSequence()
    {
        Changed = true;
        return ++LastSequence;
    }
}
