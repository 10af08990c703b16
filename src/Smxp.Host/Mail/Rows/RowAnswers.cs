using System.Text.Json;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Host.Mail.Rows;

/// <summary><c>{"message": row}</c>.</summary>
internal sealed class RowAnswer(MailboxEntry entry) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext) => JsonAnswer.WriteAsync(httpContext, json =>
    {
        json.WriteStartObject();
        json.WritePropertyName("message");
        MailboxRow.Write(json, entry);
        json.WriteEndObject();
    });
}

/// <summary><c>{"messages": [row], "cursors": …}</c>.</summary>
internal sealed class RowPageAnswer(IReadOnlyList<MailboxEntry> entries, bool hasMore) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext) => JsonAnswer.WriteAsync(httpContext, json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("messages");
        foreach (MailboxEntry entry in entries) MailboxRow.Write(json, entry);
        json.WriteEndArray();
        JsonAnswer.WriteCursors(json, entries.Count > 0 ? entries[0].Sequence : null, entries.Count > 0 ? entries[^1].Sequence : null, hasMore);
        json.WriteEndObject();
    });
}

/// <summary><c>{"conversations": [{…, "last_message": row}], "cursors": …}</c>.</summary>
internal sealed class ConversationsAnswer(IReadOnlyList<ConversationSummary> conversations, bool hasMore) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext) => JsonAnswer.WriteAsync(httpContext, json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("conversations");
        foreach (ConversationSummary conversation in conversations)
        {
            json.WriteStartObject();
            json.WriteString("conversation_id", conversation.ConversationId);
            json.WriteString("subject", MailboxRow.SubjectOf(conversation.Last));
            json.WriteStartArray("participants");
            foreach (string participant in conversation.Participants) json.WriteStringValue(participant);
            json.WriteEndArray();
            json.WriteNumber("messages", conversation.Messages);
            json.WriteNumber("unread", conversation.Unread);
            json.WritePropertyName("last_message");
            MailboxRow.Write(json, conversation.Last);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        JsonAnswer.WriteCursors(json, conversations.Count > 0 ? conversations[0].Last.Sequence : null, conversations.Count > 0 ? conversations[^1].Last.Sequence : null, hasMore);
        json.WriteEndObject();
    });
}

/// <summary>Writes JSON straight into the response.</summary>
internal static class JsonAnswer
{
    public static async Task WriteAsync(HttpContext context, Action<Utf8JsonWriter> write)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter, RowJson.WriterOptions);
        write(json);
        json.Flush();
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    /// <summary>The reference's names and the SDK's, for the same two places (SMXP §8): <c>next</c>/<c>after</c> leads on in the list's order, <c>prev</c>/<c>before</c> back.</summary>
    public static void WriteCursors(Utf8JsonWriter json, long? first, long? last, bool hasMore)
    {
        string? next = last is { } end ? Cursor.Encode(end) : null;
        string? previous = first is { } start ? Cursor.Encode(start) : null;
        json.WriteStartObject("cursors");
        json.WriteString("next", next);
        json.WriteString("prev", previous);
        json.WriteBoolean("has_more", hasMore);
        json.WriteString("after", next);
        json.WriteString("before", previous);
        json.WriteEndObject();
    }
}
