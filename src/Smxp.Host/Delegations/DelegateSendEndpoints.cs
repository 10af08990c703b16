using Smxp.Host.Configuration;
using Smxp.Host.Errors;
using Smxp.Host.Mail;
using Smxp.Protocol;

namespace Smxp.Host.Delegations;

/// <summary><c>POST /.smxp/delegate-send</c>: a delegate's server asks this one, the owner's, to send as the owner (SMXP §6).</summary>
internal static class DelegateSendEndpoints
{
    private static readonly string[] Texts = ["name", "subject", "body", "type", "conversation_id", "in_reply_to", "content_type"];

    public static void MapDelegateSend(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/.smxp/delegate-send", SendAsync).LimitBody(BodyLimit.None).WithTags("Federation").WithSummary("Send as an owner here, by another server's delegate");

    private static async Task<IResult> SendAsync(HttpContext context, RemoteRequestCheck check, ICorridor corridor)
    {
        // "delegator" is the delegate: the reference's name for it.
        (Rejection? rejection, RemoteRequest? request) = await check.ReadAsync(context, "from", "delegator");
        if (rejection is not null) return rejection;
        if (ToSubmission(request!, out Submission? submission) is { } malformed) return malformed;
        rejection = await check.AuthoriseAsync(
            request!, DelegationScope.Send, "delegate-send", context.RequestAborted, SignedRequest.DelegateSendSchemaOrder, SignedRequest.DelegateSendCreationOrder);
        if (rejection is not null) return rejection;

        SendOutcome outcome = await corridor.SendAsync(submission!, context.RequestAborted);
        return outcome.Rejection is not null
            ? outcome.Rejection
            : Results.Json(new DelegateSent("accepted", request!.Owner.ToString(), request.Delegate.ToString(), outcome.Results[0]), statusCode: StatusCodes.Status201Created);
    }

    private static Rejection? ToSubmission(RemoteRequest request, out Submission? submission)
    {
        submission = null;
        SignedRequest signed = request.Signed;
        if (!Address.TryParse(signed.GetText("to"), out Address? to)) return Rejection.Malformed("to must be an address");
        if (Array.Find(Texts, member => !signed.TryGetOptionalText(member, out _)) is { } wrong) return Rejection.Malformed($"{wrong} must be a string");
        long? expires = null;
        if (signed.Body.TryGetProperty("expires", out _))
        {
            if (!signed.TryGetInteger("expires", out long at) || at < 0) return Rejection.Malformed("expires must be an integer of at least 0");
            expires = at;
        }
        string type = signed.GetText("type") ?? EnvelopeType.Message;
        if (!EnvelopeType.IsKnown(type)) return Rejection.Malformed("type must be message, edit, delete or receipt");
        submission = new Submission
        {
            From = request.Owner,
            OnBehalfOf = request.Delegate,
            To = [to],
            Type = type,
            ContentType = signed.GetText("content_type") ?? "text",
            Name = signed.GetText("name"),
            Subject = signed.GetText("subject"),
            Body = signed.GetText("body"),
            InReplyTo = signed.GetText("in_reply_to"),
            ConversationId = signed.GetText("conversation_id"),
            Expires = expires,
        };
        return null;
    }

    private sealed record DelegateSent(string Status, string DelegatedFrom, string Delegator, SendResult Result);
}
