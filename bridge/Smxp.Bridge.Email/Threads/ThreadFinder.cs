using Smxp.Bridge.Email.Ledger;
using Smxp.Plugins.Host;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Threads;

/// <summary>Where a mail belongs in a mailbox.</summary>
/// <param name="ConversationId">Its conversation.</param>
/// <param name="InReplyTo">The message it answers; null where that is not here.</param>
internal sealed record ThreadPlace(string ConversationId, string? InReplyTo)
{
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
        if (await AncestorAsync(mailbox, ancestors, cancellationToken) is { } place)
        {
            // A broken chain: the root of which is still to come, and would not come here by itself.
            bool isApart = thread.Root is { } root && MessageIds.MessageOf(root) is null && ConversationIds.OfRoot(root) != place.ConversationId;
            return place with { Awaited = isApart ? [thread.Root!] : [], Joined = Others(place.ConversationId, [descendants]) };
        }

        // Others that name the same ancestors wait for them already.
        List<string?> siblings = [];
        foreach (string ancestor in ancestors) siblings.Add(await mails.AwaitingAsync(mailbox, ancestor, cancellationToken));
        string conversation = siblings.Find(static sibling => sibling is not null) ?? descendants ?? ConversationIds.OfRoot(thread.Root ?? messageId);
        return new ThreadPlace(conversation, null) { Awaited = ancestors, Joined = Others(conversation, [descendants, .. siblings]) };
    }

    private static IReadOnlyList<string> Others(string conversation, IEnumerable<string?> named) =>
        [.. named.OfType<string>().Distinct(StringComparer.Ordinal).Where(other => other != conversation)];

    private async Task<ThreadPlace?> AncestorAsync(Address mailbox, IReadOnlyList<string> ancestors, CancellationToken cancellationToken)
    {
        foreach (string id in ancestors.Select(MessageIds.MessageOf).OfType<string>())
        {
            if (await mailboxes.FindAsync(mailbox, id, cancellationToken) is { } entry) return new ThreadPlace(entry.ConversationId, id);
            if (await groups.FindAsync(id, cancellationToken) is { } group) return await OfGroupAsync(mailbox, group, cancellationToken);
        }

        foreach (string ancestor in ancestors)
        {
            if (await mails.FindAsync(mailbox, ancestor, cancellationToken) is { } known) return new ThreadPlace(known.ConversationId, known.Id);
        }

        return null;
    }

    // A mail that carried several messages is, in each recipient's mailbox, the message to that recipient.
    private async Task<ThreadPlace> OfGroupAsync(Address mailbox, GroupMail group, CancellationToken cancellationToken) =>
        group.MessageTo(mailbox.ToString()) is { } own && await mailboxes.FindAsync(mailbox, own, cancellationToken) is { } entry
            ? new ThreadPlace(entry.ConversationId, own)
            : new ThreadPlace(group.ConversationId, null);
}
