using System.Text.Json;
using System.Text.Json.Serialization;
using Smxp.Host.Mail.Sending;
using Smxp.Plugins.Storage;

namespace Smxp.Host.Mail.Api;

/// <summary>What clients send (SMXP §8). The SDK says <c>on_behalf_of</c> where the reference says <c>from</c>.</summary>
internal sealed record SendRequest
{
    [JsonConverter(typeof(RecipientsConverter))] public string[]? To { get; init; }
    public string? From { get; init; }
    public string? OnBehalfOf { get; init; }
    public string? Subject { get; init; }
    public string? Body { get; init; }
    public string? Type { get; init; }
    public string? ConversationId { get; init; }
    public string? InReplyTo { get; init; }
    public string? ContentType { get; init; }
    public long? Expires { get; init; }
    public string? Name { get; init; }

    /// <summary>Ours: asks for a receipt where the recipient's side sends none unasked (email, RFC 8098).</summary>
    public bool? RequestReceipt { get; init; }
    public SubmittedAttachment[]? Attachments { get; init; }
}

/// <summary>An edit, a delete or a forward of a message.</summary>
internal sealed record ChangeRequest
{
    [JsonConverter(typeof(RecipientsConverter))] public string[]? To { get; init; }
    public string? From { get; init; }
    public string? OnBehalfOf { get; init; }
    public string? Subject { get; init; }
    public string? Body { get; init; }
    public string? ContentType { get; init; }
    public string? ConversationId { get; init; }
}

internal sealed record SendAnswer(string Status, IReadOnlyList<SendResult> Results);

internal sealed record PreviewAnswer(IReadOnlyList<RecipientPreview> Preview);

internal sealed record ChangeAnswer(string Status, IReadOnlyList<ChangeResult> Results);

internal sealed record ChangeResult(string Status, string To, string Id, string OriginalId, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Error);

internal sealed record UnreadAnswer(int Unread);

internal sealed record GroupedUnreadAnswer(int Total, IReadOnlyList<UnreadCount> Conversations);

internal sealed record MessageReadAnswer(string Status, string Id, int Updated);

internal sealed record ConversationReadAnswer(string Status, string ConversationId, int Updated);

/// <summary>The reference knows one correspondent; <c>receipts</c> names all of them.</summary>
internal sealed record AcknowledgedAnswer(string Status, string ConversationId, string? To, int Updated, string? ReceiptId, IReadOnlyList<SendResult> Receipts);

/// <summary>Members are named by the host's own policy; this only makes their code ahead of time.</summary>
[JsonSerializable(typeof(SendRequest))]
[JsonSerializable(typeof(ChangeRequest))]
[JsonSerializable(typeof(SendAnswer))]
[JsonSerializable(typeof(PreviewAnswer))]
[JsonSerializable(typeof(ChangeAnswer))]
[JsonSerializable(typeof(UnreadAnswer))]
[JsonSerializable(typeof(GroupedUnreadAnswer))]
[JsonSerializable(typeof(MessageReadAnswer))]
[JsonSerializable(typeof(ConversationReadAnswer))]
[JsonSerializable(typeof(AcknowledgedAnswer))]
internal sealed partial class MailJson : JsonSerializerContext;

/// <summary>One address or a list of them.</summary>
internal sealed class RecipientsConverter : JsonConverter<string[]>
{
    public override string[]? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String) return [reader.GetString()!];
        if (reader.TokenType != JsonTokenType.StartArray) throw new JsonException();
        List<string> addresses = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.String) throw new JsonException();
            addresses.Add(reader.GetString()!);
        }

        return [.. addresses];
    }

    public override void Write(Utf8JsonWriter writer, string[] value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (string address in value) writer.WriteStringValue(address);
        writer.WriteEndArray();
    }
}
