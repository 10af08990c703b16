namespace Smxp.Storage.Relational.Messages;

/// <summary>
/// An entry's primary key: its mailbox's number above its sequence. So a mailbox is one range of the table, in order, and needs no further index for that;
/// and the keys of a mailbox fit a 32-bit sequence, which is what IMAP allows a UID (RFC 3501 §2.3.1.1).
/// </summary>
internal static class EntryKey
{
    private const int SequenceBits = 32;

    public static long Of(long mailboxNo, long sequence) => checked((mailboxNo << SequenceBits) + sequence);

    public static long MailboxNo(long entryId) => entryId >> SequenceBits;

    public static long Sequence(long entryId) => entryId & uint.MaxValue;
}

/// <summary>A page of keys.</summary>
/// <param name="After">Only greater ones.</param>
/// <param name="Before">Only smaller ones.</param>
/// <param name="OldestFirst">The order.</param>
/// <param name="Take">How many.</param>
internal sealed record KeyRange(long After, long Before, bool OldestFirst, int Take)
{
    /// <summary>The keys a query may answer. Sequences outside what a mailbox can hold bound nothing.</summary>
    public static KeyRange For(long mailboxNo, long? after, long? before, bool oldestFirst, int take)
    {
        // One direction bounds a page in its own order; the other bound, where given, still holds.
        long from = Math.Clamp(after ?? 0, 0, uint.MaxValue);
        long to = Math.Clamp(before ?? uint.MaxValue, 0, uint.MaxValue);
        return new KeyRange(EntryKey.Of(mailboxNo, from), EntryKey.Of(mailboxNo, to), oldestFirst, take);
    }
}
