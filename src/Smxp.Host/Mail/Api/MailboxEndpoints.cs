using Microsoft.AspNetCore.Mvc;
using Smxp.Client.Mail;
using Smxp.Host.Auth;
using Smxp.Host.Delegations;
using Smxp.Host.Errors;
using Smxp.Host.Mail.Rows;
using Smxp.Plugins.Content;
using Smxp.Plugins.Host;
using Smxp.Plugins.Storage;

namespace Smxp.Host.Mail.Api;

/// <summary>Reading a mailbox. Lists show messages; edits and deletes show in what they change, on the stream, and by their id.</summary>
internal static class MailboxEndpoints
{
    private const int LongestSearch = 500;
    private const int MostInThread = 100;

    public static void MapMailbox(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder group = routes.MapGroup("/.smxp/mail").ActFor(DelegationScope.Read).RequireCaller().WithTags("Mail");
        group.MapGet("/inbox", (Actor actor, [AsParameters] Paging paging, IMessageStore store, CancellationToken cancellationToken) =>
            ListAsync(actor, Direction.In, paging, store, cancellationToken)).WithSummary("Lists received messages, newest first").Produces<MessagePage>();
        group.MapGet("/sent", (Actor actor, [AsParameters] Paging paging, IMessageStore store, CancellationToken cancellationToken) =>
            ListAsync(actor, Direction.Out, paging, store, cancellationToken)).WithSummary("Lists sent messages, newest first").Produces<MessagePage>();
        group.MapGet("/unread", UnreadAsync).WithSummary("Counts unread messages").Produces<UnreadAnswer>();
        group.MapGet("/messages/{id}", FindAsync).WithSummary("Gets one message").Produces<MessageAnswer>();
        group.MapGet("/messages/{id}/render", RenderAsync).WithSummary("Shows a message as safe HTML").Produces<string>(StatusCodes.Status200OK, "text/html");
        group.MapGet("/threads/{id}", ThreadAsync).WithSummary("Lists the conversation of a message, oldest first").Produces<MessagePage>();
        group.MapGet("/search", SearchAsync).WithSummary("Finds messages by words").Produces<MessagePage>();
        group.MapGet("/conversations", ConversationsAsync).WithSummary("Lists conversations, the newest first").Produces<Client.Conversations.ConversationPage>();
    }

    private static Task<IResult> ListAsync(Actor actor, Direction direction, Paging paging, IMessageStore store, CancellationToken cancellationToken) =>
        paging.ReadAsync(store, new MailboxQuery { Mailbox = actor.Mailbox, Direction = direction }, cancellationToken);

    private static async Task<IResult> UnreadAsync(Actor actor, string? grouped, IMessageStore store, CancellationToken cancellationToken)
    {
        if (grouped is not ("1" or "true")) return TypedResults.Ok(new UnreadAnswer((await store.StatusAsync(actor.Mailbox, cancellationToken)).Unread));
        IReadOnlyList<UnreadCount> counts = await store.UnreadAsync(actor.Mailbox, cancellationToken);
        return TypedResults.Ok(new GroupedUnreadAnswer(counts.Sum(static count => count.Count), counts));
    }

    private static async Task<IResult> FindAsync(Actor actor, string id, IMessageStore store, CancellationToken cancellationToken) =>
        await store.FindAsync(actor.Mailbox, id, cancellationToken) is { } entry ? new RowAnswer(entry) : Rejection.NotFound("message");

    private static async Task<IResult> RenderAsync(Actor actor, string id, IMessageStore store, IContentTypes contentTypes, HttpResponse response, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(actor.Mailbox, id, cancellationToken) is not { } entry) return Rejection.NotFound("message");
        (string? body, string name) = MailboxRow.BodyOf(entry);
        // A type whose plugin is gone is shown as what it was written in.
        if (!contentTypes.TryGet(name, out IContentType? contentType) && !contentTypes.TryGet("text", out contentType)) return Rejection.NotFound($"content type {name}");
        // The plugin made it safe; should it ever fail to, no script runs and nothing is loaded all the same.
        response.Headers.ContentSecurityPolicy = "default-src 'none'; img-src 'self' data: blob:; style-src 'unsafe-inline'; sandbox allow-popups";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
        return TypedResults.Text(contentType.RenderHtml(body ?? ""), "text/html; charset=utf-8");
    }

    private static async Task<IResult> ThreadAsync(Actor actor, string id, [AsParameters] Paging paging, IMessageStore store, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(actor.Mailbox, id, cancellationToken) is not { } entry) return Rejection.NotFound("thread");
        var query = new MailboxQuery { Mailbox = actor.Mailbox, ConversationId = entry.ConversationId };
        // The SDK asks for a thread without paging and expects all of it, as far as a page goes.
        return await paging.ReadAsync(store, query, oldestFirst: true, MostInThread, cancellationToken);
    }

    private static async Task<IResult> SearchAsync(Actor actor, [FromQuery(Name = "q")] string? text, [AsParameters] Paging paging, IMessageStore store, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(text)) return Rejection.Malformed("q is required");
        if (text.Length > LongestSearch) return Rejection.Malformed($"q must not be longer than {LongestSearch} characters");
        return await paging.ReadAsync(store, new MailboxQuery { Mailbox = actor.Mailbox, Text = text }, cancellationToken);
    }

    private static async Task<IResult> ConversationsAsync(Actor actor, [AsParameters] Paging paging, IMessageStore store, CancellationToken cancellationToken)
    {
        if (!paging.TryReadCursors(out long? after, out _, out Rejection? malformed)) return malformed;
        ConversationPage page = await store.ConversationsAsync(actor.Mailbox, after, paging.ReadLimit(), cancellationToken);
        return new ConversationsAnswer(page.Conversations, page.HasMore);
    }
}

/// <summary>One message, as the API's description shows it; the row itself is written by <see cref="MailboxRow"/>.</summary>
internal sealed record MessageAnswer(MessageRow Message);
