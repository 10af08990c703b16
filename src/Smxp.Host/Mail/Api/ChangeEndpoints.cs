using Smxp.Host.Auth;
using Smxp.Host.Delegations;
using Smxp.Host.Errors;
using Smxp.Host.Mail.Routing;
using Smxp.Host.Mail.Rows;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Host.Mail.Api;

/// <summary>Editing, taking back and forwarding a message.</summary>
internal static class ChangeEndpoints
{
    public static void MapChanges(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder group = routes.MapGroup("/.smxp/mail/messages/{id}").ActFor(DelegationScope.Manage).RequireCaller().WithTags("Mail");
        group.MapPost("/edit", (string id, ChangeRequest request, Actor actor, Originals originals, CancellationToken cancellationToken) =>
            originals.ChangeAsync(id, EnvelopeType.Edit, request, actor, cancellationToken)).WithSummary("Replaces the content of a sent message").Produces<ChangeAnswer>();
        group.MapPost("/delete", (string id, ChangeRequest? request, Actor actor, Originals originals, CancellationToken cancellationToken) =>
            originals.ChangeAsync(id, EnvelopeType.Delete, request ?? new ChangeRequest(), actor, cancellationToken)).WithSummary("Takes back a sent message").Produces<ChangeAnswer>();
        group.MapPost("/forward", ForwardAsync).WithSummary("Forwards a message").Produces<SendAnswer>(StatusCodes.Status201Created);
    }

    private static async Task<IResult> ForwardAsync(
        string id, ChangeRequest request, Actor actor, IMessageStore store, AuthorResolver authors, ICorridor corridor, CancellationToken cancellationToken)
    {
        if (!SendEndpoints.TryReadAddresses(request.To, out IReadOnlyList<Address> to, out Rejection? malformed)) return malformed;
        if (await store.FindAsync(actor.Mailbox, id, cancellationToken) is not { Envelope: not null, Kind: EnvelopeType.Message } entry) return Rejection.NotFound("message");
        if (entry.Deleted) return Rejection.Conflict("message is deleted");
        Author author = await authors.ResolveAsync(actor, request.From ?? request.OnBehalfOf, cancellationToken);
        if (author.Rejection is not null) return author.Rejection;
        if (author.IsRemote) return Rejection.Malformed("to forward for an owner on another server, use ?on_behalf_of=");
        SendOutcome outcome = await corridor.SendAsync(
            new Submission
            {
                From = author.Address,
                OnBehalfOf = author.Delegate,
                To = to,
                ContentType = "forward",
                Subject = request.Subject ?? MailboxRow.SubjectOf(entry),
                Body = Forwarder.Innermost(entry.Envelope).Text,
                ConversationId = request.ConversationId,
            }, cancellationToken);
        if (outcome.Rejection is not null) return outcome.Rejection;
        SendResult[] results = [.. outcome.Results.Select(static r => r.Status == "sent" ? r with { Status = "forwarded" } : r)];
        return TypedResults.Json(new SendAnswer("forwarded", results), statusCode: StatusCodes.Status201Created);
    }
}
