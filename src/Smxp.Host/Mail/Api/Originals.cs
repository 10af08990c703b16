using Smxp.Host.Errors;
using Smxp.Host.Mail.Rows;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Host.Mail.Api;

/// <summary>
/// Edits and takes back what was sent. A message to several recipients went out as one envelope each, with an id each (SMXP §2, §3): a change of one of them is a change of all,
/// and each recipient is told of the id it knows.
/// </summary>
internal sealed class Originals(IMessageStore store, AuthorResolver authors, ICorridor corridor)
{
    // One send call is one commit: its rows lie side by side in the sender's mailbox, forwards and own copies between them.
    private const int Neighbourhood = 2 * Sending.SubmissionRules.MostRecipients;

    public async Task<IResult> ChangeAsync(string id, string type, ChangeRequest request, Actor actor, CancellationToken cancellationToken)
    {
        if (!SendEndpoints.TryReadAddresses(request.To, out IReadOnlyList<Address> to, out Rejection? malformed)) return malformed;
        Author author = await authors.ResolveAsync(actor, request.From ?? request.OnBehalfOf, cancellationToken);
        if (author.Rejection is not null) return author.Rejection;
        if (author.IsRemote) return Rejection.Malformed($"to {type} for an owner on another server, use ?on_behalf_of=");
        if (await FindAsync(author.Address, id, cancellationToken) is not { } original) return Rejection.NotFound("message");
        if (original.Deleted) return Rejection.Conflict("message is deleted");

        IReadOnlyDictionary<Address, string> siblings = await SiblingsAsync(original, cancellationToken);
        string done = type == EnvelopeType.Edit ? "edited" : "deleted";
        List<ChangeResult> results = [];
        foreach (Address recipient in to.Count > 0 ? to.Distinct() : siblings.Keys)
        {
            string originalId = siblings.GetValueOrDefault(recipient, id);
            SendOutcome outcome = await corridor.SendAsync(Write(type, request, original, author, recipient, originalId), cancellationToken);
            if (outcome.Rejection is not null && results.Count == 0) return outcome.Rejection;
            results.Add(outcome.Rejection is { } refused
                ? new ChangeResult("failed", recipient.ToString(), "", originalId, refused.Error)
                : new ChangeResult(outcome.Results[0].Status == "sent" ? done : outcome.Results[0].Status, recipient.ToString(), outcome.Results[0].Id, originalId, outcome.Results[0].Error));
        }

        return TypedResults.Ok(new ChangeAnswer(done, results));
    }

    private static Submission Write(string type, ChangeRequest request, MailboxEntry original, Author author, Address recipient, string originalId)
    {
        bool edit = type == EnvelopeType.Edit;
        (string? body, string contentType) = MailboxRow.BodyOf(original);
        return new Submission
        {
            From = author.Address,
            OnBehalfOf = author.Delegate,
            To = [recipient],
            Type = type,
            InReplyTo = originalId,
            ConversationId = original.ConversationId,
            Name = original.Envelope!.Envelope.Name,
            // What an edit leaves out stays as it is.
            Subject = edit ? request.Subject ?? MailboxRow.SubjectOf(original) : null,
            Body = edit ? request.Body ?? body : null,
            ContentType = edit ? request.ContentType ?? contentType : "text",
        };
    }

    private async Task<MailboxEntry?> FindAsync(Address author, string id, CancellationToken cancellationToken)
    {
        MailboxEntry? entry = await store.FindAsync(author, id, cancellationToken);
        return entry is { Kind: EnvelopeType.Message, Envelope.Envelope.From: { } from } && from == author.ToString() ? entry : null;
    }

    private async Task<IReadOnlyDictionary<Address, string>> SiblingsAsync(MailboxEntry original, CancellationToken cancellationToken)
    {
        Envelope sent = original.Envelope!.Envelope;
        MailboxPage page = await store.QueryAsync(
            new MailboxQuery
            {
                Mailbox = original.Mailbox,
                ConversationId = original.ConversationId,
                Direction = Direction.Out,
                After = original.Sequence - Neighbourhood,
                Before = original.Sequence + Neighbourhood,
                OldestFirst = true,
                Limit = 2 * Neighbourhood,
            }, cancellationToken);
        Dictionary<Address, string> siblings = [];
        foreach (MailboxEntry entry in page.Entries)
        {
            if (entry.Envelope?.Envelope is { } other && other.Timestamp == sent.Timestamp && other.Subject == sent.Subject && other.Body == sent.Body
                && other.InReplyTo == sent.InReplyTo && Address.TryParse(other.To, out Address? recipient)) siblings[recipient] = entry.Id;
        }

        if (Address.TryParse(sent.To, out Address? own)) siblings[own] = original.Id;
        return siblings;
    }
}
