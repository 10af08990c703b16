using System.Text.Json.Serialization;
using Smxp.Client.Transport;
using Smxp.Protocol;

namespace Smxp.Client.Mail;

/// <summary>A message as a mailbox shows it (SMXP §8): the newest edit applied, and what this server knows of it beside what was sent.</summary>
public sealed record MessageRow
{
    /// <summary>The content id.</summary>
    public string Id { get; init; } = "";

    /// <summary>The conversation.</summary>
    public string ConversationId { get; init; } = "";

    /// <summary>The message this one answers, edits or deletes.</summary>
    public string? InReplyTo { get; init; }

    /// <summary>The author's clock, Unix seconds.</summary>
    public long Timestamp { get; init; }

    /// <summary><c>in</c> for what was received, <c>out</c> for what was sent.</summary>
    public string Direction { get; init; } = "";

    /// <summary><c>message</c>, <c>edit</c>, <c>delete</c> or <c>receipt</c>.</summary>
    public string Type { get; init; } = EnvelopeType.Message;

    /// <summary>The author's address.</summary>
    public string From { get => field ?? Sender ?? ""; init; }

    /// <summary>The recipient's address.</summary>
    public string To { get => field ?? Recipient ?? ""; init; }

    /// <summary>The address it was delivered to: the recipient, or where a route led.</summary>
    public string? DeliveredTo { get; init; }

    /// <summary>The author's display name.</summary>
    public string? Name { get; init; }

    /// <summary>The subject.</summary>
    public string? Subject { get; init; }

    /// <summary>The body, in the form that <see cref="ContentType"/> names.</summary>
    public string? Body { get; init; }

    /// <summary><c>text</c>, <c>markdown</c>, <c>html</c>, <c>forward</c> or a plugin's.</summary>
    public string ContentType { get; init; } = "text";

    /// <summary>The attachments; never null.</summary>
    public IReadOnlyList<Attachment> Attachments { get => field ?? []; init; } = [];

    /// <summary>Everybody it is between, author and recipient among them, as far as this server knows: whom an answer to all goes to.</summary>
    public IReadOnlyList<string> Participants { get => field ?? []; init; } = [];

    /// <summary>0 unread, 1 read, 2 acknowledged.</summary>
    public int ReadStatus { get; init; }

    /// <summary>When it is no longer relevant, Unix seconds.</summary>
    public long? Expires { get; init; }

    /// <summary>Whether the author's signature, or for an email its author's domain, was verified.</summary>
    [JsonConverter(typeof(FlagConverter))]
    public bool Verified { get; init; }

    /// <summary>For an email from outside, what was found out about its origin; null for everything else.</summary>
    public MailAuthentication? Authentication { get; init; }

    /// <summary>The delegate who wrote it in the author's name.</summary>
    public string? OnBehalfOf { get; init; }

    /// <summary>How it came or went: <c>smxp</c>, <c>email</c> or <c>local</c>.</summary>
    public string? Transport { get; init; }

    /// <summary>How far a sent message got: <c>queued</c>, <c>sent</c> or <c>failed</c>; null for what was received.</summary>
    public string? Status { get; init; }

    /// <summary>Why it failed, in the other server's words.</summary>
    public string? Error { get; init; }

    /// <summary>The id of the edit that made it what it is.</summary>
    public string? EditedBy { get; init; }

    /// <summary>Whether its author took it back.</summary>
    [JsonConverter(typeof(FlagConverter))]
    public bool Deleted { get; init; }

    /// <summary>For a receipt and for a <c>read_status</c> event: the messages it speaks of, at most 1,000.</summary>
    public IReadOnlyList<string> Affected { get => field ?? []; init; } = [];

    /// <summary>When this server accepted it, Unix seconds.</summary>
    public long CreatedAt { get; init; }

    [JsonInclude] internal string? Sender { get; init; }

    [JsonInclude] internal string? Recipient { get; init; }
}
