using Smxp.Storage.Relational.Messages;

namespace Smxp.Storage.Relational;

/// <summary>What a database does for full-text search: words by entry, and the entries by words.</summary>
internal interface ISearchIndex
{
    /// <summary>Takes note of what a transaction wrote, in ascending order of entries. Called once, at the transaction's end. Indexing it may be left for later.</summary>
    void Note(Statements statements, IReadOnlyCollection<SearchChange> changes);

    /// <summary>Indexes some of what was noted for a mailbox; answers whether there may be more.</summary>
    bool CatchUp(Statements statements, long mailboxNo);

    /// <summary>Whether something noted for a mailbox is not indexed yet.</summary>
    Task<bool> IsBehindAsync(Statements statements, long mailboxNo, CancellationToken cancellationToken);

    /// <summary>The entries of a mailbox that have every word, strictly between the bounds, in the order asked.</summary>
    Task<IReadOnlyList<long>> MatchAsync(Statements statements, SearchRequest request, CancellationToken cancellationToken);
}

/// <summary>What a text says to the index.</summary>
/// <param name="EntryId">The entry.</param>
/// <param name="Words">Its distinct words; null to forget it.</param>
/// <param name="IsNew">Whether this transaction wrote the entry, so that the index has nothing on it yet.</param>
internal sealed record SearchChange(long EntryId, IReadOnlyCollection<string>? Words, bool IsNew);

/// <summary>A search in a mailbox.</summary>
/// <param name="MailboxNo">The mailbox.</param>
/// <param name="Words">The words, each with its <c>*</c> where it is a prefix.</param>
/// <param name="Lanes">The lanes to look in.</param>
/// <param name="ConversationNo">The one conversation to look in, or null.</param>
/// <param name="Page">Bounds, order and number.</param>
internal sealed record SearchRequest(long MailboxNo, IReadOnlyList<SearchWord> Words, IReadOnlyList<int> Lanes, long? ConversationNo, KeyRange Page);
