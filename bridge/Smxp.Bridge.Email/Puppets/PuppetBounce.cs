using MimeKit;
using Smxp.Bridge.Email.Mapping;
using Smxp.Bridge.Email.Notifications;
using Smxp.Bridge.Email.Threads;

namespace Smxp.Bridge.Email.Puppets;

/// <summary>What a delivery status notification (RFC 3464) says of a mail that left here. A mail has one recipient, so it speaks of one.</summary>
/// <param name="EnvelopeId">What the mail was called in its envelope: the message's id; null where the server did not know.</param>
/// <param name="MessageId">The mail's Message-ID; null where it was not brought back.</param>
/// <param name="Action">What happened.</param>
/// <param name="Words">Why.</param>
internal sealed record PuppetBounce(string? EnvelopeId, string? MessageId, DsnAction Action, string Words)
{
    private const int MaxWords = 500;

    /// <summary>Reads it; null where the mail is none. Pure; strangers may write anything.</summary>
    public static PuppetBounce? Read(MimeMessage message)
    {
        if (message.Body is not Multipart report || report.OfType<MessageDeliveryStatus>().FirstOrDefault() is not { } status) return null;
        HeaderList[] groups;
        try
        {
            groups = [.. status.StatusGroups];
        }
        catch (FormatException)
        {
            return null;
        }

        if (groups.FirstOrDefault(static group => group["Action"] is not null) is not { } recipient) return null;
        var action = recipient["Action"]!.Split('(')[0].Trim().ToLowerInvariant() switch
        {
            "failed" => DsnAction.Failed,
            "delayed" => DsnAction.Delayed,
            "relayed" or "expanded" => DsnAction.Relayed,
            _ => DsnAction.Delivered,
        };
        // RFC 6522 §3: the mail, or its header alone, comes last.
        string? messageId = report.OfType<MessagePart>().Select(static part => MessageIds.Normalize(part.Message?.MessageId)).FirstOrDefault(static id => id is not null);
        string? said = DisplayText.Line(Value(recipient["Diagnostic-Code"]) ?? recipient["Status"], MaxWords);
        return new PuppetBounce(groups[0]["Original-Envelope-Id"]?.Trim(), messageId, action, said ?? "none was given");
    }

    // RFC 3464 §2.1.2: a type, a semicolon, and what is meant.
    private static string? Value(string? typed) => typed?[(typed.IndexOf(';', StringComparison.Ordinal) + 1)..].Trim();
}
