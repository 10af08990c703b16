using System.Text.Json;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Host.Mail.Rows;

/// <summary>
/// An entry as the API and the stream show it: the union of what the reference stores and its SDK reads (SMXP §8), so several members say the same under two names.
/// Edits are shown applied; a message that was taken back is shown without its content.
/// </summary>
internal static class MailboxRow
{
    public static void Write(Utf8JsonWriter json, MailboxEntry entry)
    {
        Envelope? envelope = entry.Envelope?.Envelope;
        json.WriteStartObject();
        json.WriteString("id", entry.Id);
        json.WriteString("version", envelope?.Version ?? Envelope.CurrentVersion);
        json.WriteString("conversation_id", entry.ConversationId);
        json.WriteString("in_reply_to", envelope?.InReplyTo);
        json.WriteNumber("timestamp", envelope?.Timestamp ?? entry.CreatedAt);
        json.WriteString("direction", entry.Direction == Direction.In ? "in" : "out");
        json.WriteString("type", entry.Kind);
        json.WriteString("sender", envelope?.From);
        json.WriteString("recipient", envelope?.To);
        json.WriteString("from", envelope?.From);
        json.WriteString("to", envelope?.To);
        json.WriteString("delivered_to", entry.DeliveredTo.Length > 0 ? entry.DeliveredTo : envelope?.To);
        WriteContent(json, entry, envelope);
        WriteParticipants(json, entry, envelope);
        json.WriteNumber("read_status", entry.ReadStatus);
        WriteNumber(json, "expires", envelope?.Expires);
        WriteNumber(json, "expires_at", envelope?.Expires);
        json.WriteString("server_signature", envelope?.ServerSignature);
        json.WriteString("server_key_id", envelope?.ServerKeyId);
        json.WriteString("signature", envelope?.ServerSignature);
        json.WriteString("key_id", envelope?.ServerKeyId);
        json.WriteNumber("verified", entry.Verified ? 1 : 0);
        json.WriteString("on_behalf_of", entry.OnBehalfOf);
        json.WriteNumber("created_at", entry.CreatedAt);
        json.WriteString("edited_by", entry.EditedBy);
        json.WriteBoolean("deleted", entry.Deleted);
        json.WriteString("status", StatusOf(entry));
        json.WriteString("error", entry.Error);
        json.WriteString("transport", entry.Transport);
        if (entry.Authentication is { } found) WriteAuthentication(json, found);
        if (entry.Envelope is null || entry.Kind == EnvelopeType.Receipt) WriteAffected(json, entry);
        json.WriteEndObject();
    }

    /// <summary>The subject as it stands: the newest edit's, or the original's where the edit has none.</summary>
    public static string? SubjectOf(MailboxEntry entry) => entry.Deleted ? null : entry.Current?.Envelope.Subject ?? entry.Envelope?.Envelope.Subject;

    /// <summary>The body as it stands, with its content type.</summary>
    public static (string? Body, string ContentType) BodyOf(MailboxEntry entry)
    {
        if (entry.Deleted || entry.Envelope is null) return (null, entry.Envelope?.Envelope.ContentType ?? "text");
        Envelope shown = entry.Current is { Envelope.Body: not null } edit ? edit.Envelope : entry.Envelope.Envelope;
        return (shown.Body, shown.ContentType);
    }

    private static void WriteContent(Utf8JsonWriter json, MailboxEntry entry, Envelope? envelope)
    {
        (string? body, string contentType) = BodyOf(entry);
        json.WriteString("name", envelope?.Name);
        json.WriteString("subject", SubjectOf(entry));
        json.WriteString("body", body);
        json.WriteString("content_type", contentType);
        json.WriteStartArray("attachments");
        if (envelope is not null && !entry.Deleted)
        {
            foreach (Attachment attachment in envelope.Attachments) JsonSerializer.Serialize(json, attachment, RowJson.Default.Attachment);
        }

        json.WriteEndArray();
    }

    private static void WriteAuthentication(Utf8JsonWriter json, AuthenticationSummary found)
    {
        json.WriteStartObject("authentication");
        json.WriteString("spf", found.Spf);
        json.WriteString("dkim", found.Dkim);
        json.WriteString("dmarc", found.Dmarc);
        json.WriteString("arc", found.Arc);
        json.WriteString("policy", found.Policy);
        json.WriteEndObject();
    }

    // Everybody an answer to all goes to, the reader among them.
    private static void WriteParticipants(Utf8JsonWriter json, MailboxEntry entry, Envelope? envelope)
    {
        json.WriteStartArray("participants");
        string?[] both = [envelope?.From, envelope?.To];
        foreach (string participant in both.OfType<string>().Concat(entry.Participants).Distinct(StringComparer.OrdinalIgnoreCase)) json.WriteStringValue(participant);
        json.WriteEndArray();
    }

    private static void WriteAffected(Utf8JsonWriter json, MailboxEntry entry)
    {
        json.WriteStartArray("affected");
        foreach (string id in entry.Affected) json.WriteStringValue(id);
        json.WriteEndArray();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number) json.WriteNumber(name, number);
        else json.WriteNull(name);
    }

    private static string? StatusOf(MailboxEntry entry) => entry.Status switch
    {
        SendStatus.Queued => "queued",
        SendStatus.Sent => "sent",
        SendStatus.Failed => "failed",
        _ => null,
    };
}
