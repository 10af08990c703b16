using Smxp.Bridge.Email.Threads;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Puppets;

/// <summary>Threads of people whose mailboxes are elsewhere (email mapping §3): what went through here is remembered, both ways, so that either side sees one conversation.</summary>
internal sealed class PuppetThreads(PuppetDomain domain, PuppetRecords records) : IOutgoingThreads
{
    // Enough for a thread of which only old parts went through here; each costs a look-up.
    private const int MaxLookUps = 20;
    // RFC 5322 §3.6.4 leaves the length open. The first is the root, and the last are the nearest.
    private const int MaxReferences = 100;

    /// <summary>Remembers a message before it leaves: what comes back then finds it, and the next attempt is the same mail.</summary>
    /// <param name="pair">Between whom it is.</param>
    /// <param name="envelope">The message as it leaves.</param>
    /// <param name="line">The key of its line in the ledger.</param>
    /// <param name="cancellationToken">Breaks off.</param>
    public async Task NoteAsync(PuppetPair pair, Envelope envelope, string line, CancellationToken cancellationToken)
    {
        if (await records.FindAsync(pair.Person, envelope.Id, cancellationToken) is not null) return;
        var parent = envelope.InReplyTo is { } named
            ? await records.FindAsync(pair.Person, named, cancellationToken)
            : await records.LastAsync(pair, envelope.ConversationId, cancellationToken);
        var mail = new PuppetMail
        {
            MessageId = MessageIds.Of(envelope),
            References = parent is null ? [] : Extend(parent),
            Subject = envelope.Subject ?? parent?.Subject,
            Answered = parent?.Subject,
            ConversationId = envelope.ConversationId,
            Line = line,
            Correspondent = pair.Correspondent.ToString(),
        };
        await records.PutSentAsync(pair, envelope.Id, mail, cancellationToken);
    }

    public async Task<OutgoingThread> FindAsync(Address mailbox, Envelope envelope, IReadOnlyList<string> audience, CancellationToken cancellationToken) =>
        domain.Behind(mailbox) is { } person && await records.FindAsync(person, envelope.Id, cancellationToken) is { } own
            ? new OutgoingThread(own.References, own.Answered)
            : OutgoingThread.None;

    /// <summary>Where a mail belongs among what a person wrote and was written.</summary>
    public async Task<ThreadPlace> PlaceAsync(Address person, string messageId, ThreadReferences thread, CancellationToken cancellationToken)
    {
        foreach (string ancestor in thread.NewestFirst.Take(MaxLookUps))
        {
            if (await records.IdOfAsync(person, ancestor, cancellationToken) is { } id && await records.FindAsync(person, id, cancellationToken) is { } mail)
                return new ThreadPlace(mail.ConversationId, id) { Evidence = $"{thread.FieldOf(ancestor)} names <{ancestor}>, which is message {id}" };
        }

        string evidence = thread.Root is { } oldest ? $"of the mails it names none went through here; the conversation is that of the oldest, <{oldest}>" : "it names no earlier mail, so it begins a conversation";
        return new ThreadPlace(ConversationIds.OfRoot(thread.Root ?? messageId), null) { Evidence = evidence };
    }

    private static IReadOnlyList<string> Extend(PuppetMail parent)
    {
        string[] all = [.. parent.References, parent.MessageId];
        return all.Length <= MaxReferences ? all : [all[0], .. all[^(MaxReferences - 1)..]];
    }
}
