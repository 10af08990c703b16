using System.Diagnostics.CodeAnalysis;
using Smxp.Host.Auth;
using Smxp.Host.Delegations;
using Smxp.Host.Errors;
using Smxp.Host.Mail.Sending;
using Smxp.Protocol;

namespace Smxp.Host.Mail.Api;

/// <summary>Sending.</summary>
internal static class SendEndpoints
{
    public static void MapSend(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder group = routes.MapGroup("/.smxp/mail").ActFor(DelegationScope.Manage).RequireCaller().WithTags("Mail");
        group.MapPost("/send", SendAsync).WithSummary("Sends a message to one or more recipients")
            .WithDescription("With preview=1 nothing is stored or sent: the answer says for each recipient which way it would go, and what would be missed there.")
            .Produces<PreviewAnswer>().Produces<SendAnswer>(StatusCodes.Status201Created);
    }

    /// <summary>Reads addresses, or says which is none.</summary>
    public static bool TryReadAddresses(string[]? texts, out IReadOnlyList<Address> addresses, [NotNullWhen(false)] out Rejection? rejection)
    {
        List<Address> found = new(texts?.Length ?? 0);
        addresses = found;
        rejection = null;
        foreach (string text in texts ?? [])
        {
            if (Address.TryParse(text, out Address? address)) found.Add(address);
            else rejection ??= Rejection.Malformed($"'{(text.Length > 100 ? text[..100] : text)}' is not an address");
        }

        return rejection is null;
    }

    private static async Task<IResult> SendAsync(
        SendRequest request, string? preview, Actor actor, AuthorResolver authors, ICorridor corridor, Previewer previewer, IServiceProvider services, CancellationToken cancellationToken)
    {
        if (!TryReadAddresses(request.To, out IReadOnlyList<Address> to, out Rejection? malformed)) return malformed;
        Author author = await authors.ResolveAsync(actor, request.From ?? request.OnBehalfOf, cancellationToken);
        if (author.Rejection is not null) return author.Rejection;
        var submission = new Submission
        {
            From = author.Address,
            OnBehalfOf = author.Delegate,
            To = to,
            Type = request.Type ?? EnvelopeType.Message,
            ContentType = request.ContentType ?? "text",
            Name = request.Name,
            Subject = request.Subject,
            Body = request.Body,
            InReplyTo = request.InReplyTo,
            Expires = request.Expires,
            ConversationId = request.ConversationId,
            RequestReceipt = request.RequestReceipt ?? false,
            Attachments = request.Attachments ?? [],
        };
        if (preview is "1" or "true") return author.IsRemote ? Rejection.Malformed("only the author's own server can preview") : await PreviewAsync(previewer, submission, cancellationToken);
        SendOutcome outcome = author.IsRemote
            ? await services.GetRequiredService<IRemoteSender>().SendAsync(submission, cancellationToken)
            : await corridor.SendAsync(submission, cancellationToken);
        if (outcome.Rejection is not null) return outcome.Rejection;
        return TypedResults.Json(new SendAnswer("sent", outcome.Results), statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> PreviewAsync(Previewer previewer, Submission submission, CancellationToken cancellationToken)
    {
        (Rejection? rejection, IReadOnlyList<RecipientPreview> recipients) = await previewer.PreviewAsync(submission, cancellationToken);
        return rejection is null ? TypedResults.Ok(new PreviewAnswer(recipients)) : rejection;
    }
}
