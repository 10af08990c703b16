using Smxp.Bridge.Email.Ledger;
using Smxp.Plugins.Host;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Threads;

/// <summary>Where a mail belongs in a mailbox.</summary>
/// <param name="ConversationId">Its conversation.</param>
/// <param name="InReplyTo">The message it answers; null where that is not here.</param>
internal sealed record ThreadPlace(string ConversationId, string? InReplyTo)
{
    /// <summary>Why there, in words for whoever asks.</summary>
    public string? Evidence { get; init; }

    /// <summary>The ancestors it names that are not here.</summary>
    public IReadOnlyList<string> Awaited { get; init; } = [];

    /// <summary>Other conversations of this mailbox that turn out to be part of this one.</summary>
    public IReadOnlyList<string> Joined { get; init; } = [];
}

/// <summary>Finds the conversation of an incoming mail by the rules of the email mapping §3, in whatever order a thread arrives. No subject guessing.</summary>
internal sealed class ThreadFinder(IMailboxes mailboxes, MailRecords mails, GroupMails groups)
{
    // Enough for a thread of which only old parts are here; each costs a look-up.
    private const int MaxLookUps = 20;

    public async Task<ThreadPlace> FindAsync(Address mailbox, string messageId, ThreadReferences thread, CancellationToken cancellationToken)
    {
        var ancestors = thread.NewestFirst.Take(MaxLookUps).ToList();
        // What came before this mail, though it answers it or something below it.
        string? descendants = await mails.AwaitingAsync(mailbox, messageId, cancellationToken);
        if (await AncestorAsync(mailbox, thread, ancestors, cancellationToken) is { } place)
        {
            // A broken chain: the root of which is still to come, and would not come here by itself.
            bool isApart = thread.Root is { } root && MessageIds.MessageOf(root) is null && ConversationIds.OfRoot(root) != place.ConversationId;
            return place with { Awaited = isApart ? [thread.Root!] : [], Joined = Others(place.ConversationId, [descendants]) };
        }

        // Others that name the same ancestors wait for them already.
        List<string?> siblings = [];
        foreach (string ancestor in ancestors) siblings.Add(await mails.AwaitingAsync(mailbox, ancestor, cancellationToken));
        string? sibling = siblings.Find(static sibling => sibling is not null);
        string conversation = sibling ?? descendants ?? ConversationIds.OfRoot(thread.Root ?? messageId);
        string evidence = sibling is not null ? "other mails here name the same earlier ones, which are still to come"
            : descendants is not null ? "mails that came before it name it"
            : thread.Root is { } oldest ? $"of the mails it names none is here; the conversation is that of the oldest, <{oldest}> in {thread.FieldOf(oldest)}"
            : "it names no earlier mail, so it begins a conversation";
        return new ThreadPlace(conversation, null) { Evidence = evidence, Awaited = ancestors, Joined = Others(conversation, [descendants, .. siblings]) };
    }

    private static IReadOnlyList<string> Others(string conversation, IEnumerable<string?> named) =>
        [.. named.OfType<string>().Distinct(StringComparer.Ordinal).Where(other => other != conversation)];

    private async Task<ThreadPlace?> AncestorAsync(Address mailbox, ThreadReferences thread, IReadOnlyList<string> ancestors, CancellationToken cancellationToken)
    {
        foreach (string ancestor in ancestors)
        {
            if (MessageIds.MessageOf(ancestor) is not { } id) continue;
            string evidence = $"{thread.FieldOf(ancestor)} names our message {id}";
            if (await mailboxes.FindAsync(mailbox, id, cancellationToken) is { } entry) return new ThreadPlace(entry.ConversationId, id) { Evidence = evidence };
            if (await groups.FindAsync(id, cancellationToken) is { } group) return (await OfGroupAsync(mailbox, group, cancellationToken)) with { Evidence = evidence };
        }

        foreach (string ancestor in ancestors)
        {
            if (await mails.FindAsync(mailbox, ancestor, cancellationToken) is not { } known) continue;
            // Where it lies now, not where it was put: conversations are merged and split.
            string conversation = (await mailboxes.FindAsync(mailbox, known.Id, cancellationToken))?.ConversationId ?? known.ConversationId;
            return new ThreadPlace(conversation, known.Id) { Evidence = $"{thread.FieldOf(ancestor)} names <{ancestor}>, which is message {known.Id} here" };
        }

        return null;
    }

    // A mail that carried several messages is, in each recipient's mailbox, the message to that recipient.
    private async Task<ThreadPlace> OfGroupAsync(Address mailbox, GroupMail group, CancellationToken cancellationToken) =>
        group.MessageTo(mailbox.ToString()) is { } own && await mailboxes.FindAsync(mailbox, own, cancellationToken) is { } entry
            ? new ThreadPlace(entry.ConversationId, own)
            : new ThreadPlace(group.ConversationId, null);
}
