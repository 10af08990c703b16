using Smxp.Host.Auth;
using Smxp.Host.Delegations;
using Smxp.Host.Errors;
using Smxp.Plugins.Host;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Host.Mail.Api;

/// <summary>Marking as read, and telling those who wrote.</summary>
internal static class ReadEndpoints
{
    private const int Read = 1;
    private const int Acknowledged = 2;
    private const int MostLookedThrough = 1000;

    public static void MapRead(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder group = routes.MapGroup("/.smxp/mail").ActFor(DelegationScope.Manage).RequireCaller().WithTags("Mail");
        group.MapPost("/messages/{id}/read", ReadMessageAsync).WithSummary("Marks a message as read").Produces<MessageReadAnswer>();
        group.MapPost("/conversations/{id}/read", ReadConversationAsync).WithSummary("Marks a conversation as read").Produces<ConversationReadAnswer>();
        group.MapPost("/conversations/{id}/ack", AcknowledgeAsync).WithSummary("Marks a conversation as read and sends receipts to those who wrote").Produces<AcknowledgedAnswer>(StatusCodes.Status201Created);
    }

    private static async Task<IResult> ReadMessageAsync(Actor actor, string id, IMailboxes mailboxes, TimeProvider time, CancellationToken cancellationToken)
    {
        MarkResult marked = await mailboxes.MarkAsync(new Mark(actor.Mailbox, id, null, Read, time.GetUtcNow().ToUnixTimeSeconds()), cancellationToken);
        if (marked.Updated == 0 && await mailboxes.FindAsync(actor.Mailbox, id, cancellationToken) is null) return Rejection.NotFound("message");
        return TypedResults.Ok(new MessageReadAnswer("read", id, marked.Updated));
    }

    private static async Task<IResult> ReadConversationAsync(Actor actor, string id, IMailboxes mailboxes, TimeProvider time, CancellationToken cancellationToken)
    {
        MarkResult marked = await mailboxes.MarkAsync(new Mark(actor.Mailbox, null, id, Read, time.GetUtcNow().ToUnixTimeSeconds()), cancellationToken);
        if (marked.Updated == 0 && !await ExistsAsync(actor, id, mailboxes, cancellationToken)) return Rejection.NotFound("conversation");
        return TypedResults.Ok(new ConversationReadAnswer("read", id, marked.Updated));
    }

    private static async Task<IResult> AcknowledgeAsync(Actor actor, string id, IMailboxes mailboxes, ICorridor corridor, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!await ExistsAsync(actor, id, mailboxes, cancellationToken)) return Rejection.NotFound("conversation");
        MarkResult marked = await mailboxes.MarkAsync(new Mark(actor.Mailbox, null, id, Acknowledged, time.GetUtcNow().ToUnixTimeSeconds()), cancellationToken);
        IReadOnlyList<(Address Author, string Conversation)> authors = await AuthorsAsync(actor, id, mailboxes, cancellationToken);
        // One call each: that one author is gone must not keep the receipt from the others.
        SendOutcome[] outcomes = await Task.WhenAll(authors.Select(wrote => corridor.SendAsync(
            new Submission { From = actor.Mailbox, OnBehalfOf = actor.Delegate, To = [wrote.Author], Type = EnvelopeType.Receipt, ConversationId = wrote.Conversation }, cancellationToken)));
        SendResult[] receipts = [.. outcomes.SelectMany(static outcome => outcome.Results)];
        SendResult? first = receipts.FirstOrDefault();
        return TypedResults.Json(
            new AcknowledgedAnswer("acknowledged", id, first?.To, marked.Updated, first?.Id, receipts), statusCode: StatusCodes.Status201Created);
    }

    private static async Task<bool> ExistsAsync(Actor actor, string conversation, IMailboxes mailboxes, CancellationToken cancellationToken) =>
        (await mailboxes.QueryAsync(new MailboxQuery { Mailbox = actor.Mailbox, ConversationId = conversation, Limit = 1 }, cancellationToken)).Entries.Count > 0;

    /// <summary>Who wrote to this mailbox in the conversation, the latest first, and in which conversation they did: it may have been merged of several.</summary>
    private static async Task<IReadOnlyList<(Address Author, string Conversation)>> AuthorsAsync(Actor actor, string conversation, IMailboxes mailboxes, CancellationToken cancellationToken)
    {
        List<(Address, string)> authors = [];
        var query = new MailboxQuery { Mailbox = actor.Mailbox, ConversationId = conversation, Direction = Direction.In, Limit = 100 };
        for (int seen = 0; seen < MostLookedThrough;)
        {
            MailboxPage page = await mailboxes.QueryAsync(query, cancellationToken);
            foreach (MailboxEntry entry in page.Entries)
            {
                if (entry.Envelope?.Envelope is not { } envelope || !Address.TryParse(envelope.From, out Address? author) || author == actor.Mailbox) continue;
                if (!authors.Contains((author, envelope.ConversationId))) authors.Add((author, envelope.ConversationId));
            }

            if (!page.HasMore || page.Entries.Count == 0) break;
            seen += page.Entries.Count;
            query = query with { Before = page.Entries[^1].Sequence };
        }

        return authors;
    }
}
