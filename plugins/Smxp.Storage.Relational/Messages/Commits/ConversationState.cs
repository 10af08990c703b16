namespace Smxp.Storage.Relational.Messages.Commits;

/// <summary>A conversation of a mailbox during a transaction, with its counters. What changes is written once, at the transaction's end.</summary>
internal sealed class ConversationState(MailboxState mailbox, long no, long? lastEntry, int messages, int unread, string? participants, long? mergedInto = null, bool parted = false)
{
    private const int MostParticipants = 100;
    private readonly List<string> _participants = [.. StoredText.Split(participants)];

    public long No => no;

    public long? LastEntry { get; private set; } = lastEntry;

    public int Messages { get; private set; } = messages;

    public int Unread { get; private set; } = unread;

    public string? Participants { get; private set; } = participants;

    /// <summary>The conversation that its id leads to; null for itself.</summary>
    public long? MergedInto { get; private set; } = mergedInto;

    /// <summary>Whether some of what names it may lie elsewhere.</summary>
    public bool Parted { get; private set; } = parted;

    public bool Changed { get; private set; }

    public void MergeInto(long other) => (MergedInto, Parted) = (other, true);

    public void StandAlone() => MergedInto = null;

    public void Part() => Parted = true;

    /// <summary>As if nothing had ever come.</summary>
    public void Clear()
    {
        Changed = true;
        (LastEntry, Messages, Participants) = (null, 0, null);
        _participants.Clear();
        AddUnread(-Unread);
    }

    public void Add(long entryId, bool unread, string author, string recipient, IReadOnlyList<string> others)
    {
        Changed = true;
        LastEntry = entryId;
        Messages++;
        AddUnread(unread ? 1 : 0);
        bool joined = Join(author) | Join(recipient);
        foreach (string other in others) joined |= Join(PreparedDelivery.Normalize(other));
        if (joined) Participants = StoredText.Join(_participants);
    }

    public void AddUnread(int difference)
    {
        if (difference == 0) return;
        Changed = true;
        Unread += difference;
        mailbox.AddUnread(difference);
    }

    private bool Join(string address)
    {
        string participant = StoredText.Decode(address);
        if (_participants.Count >= MostParticipants || _participants.Contains(participant)) return false;
        _participants.Add(participant);
        return true;
    }
}
