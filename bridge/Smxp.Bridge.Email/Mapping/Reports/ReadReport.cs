using MimeKit;
using Smxp.Bridge.Email.Threads;

namespace Smxp.Bridge.Email.Mapping.Reports;

/// <summary>What a message disposition notification says (RFC 8098 §3): that a mail was shown to its reader. Of other dispositions, a person should read.</summary>
/// <param name="OriginalMessageId">The mail.</param>
/// <param name="Recipients">By what addresses its reader may be known, the likeliest first.</param>
internal sealed record ReadReport(string OriginalMessageId, IReadOnlyList<string> Recipients)
{
    // Of some fields of a line each.
    private const int MaxReport = 64 * 1024;

    /// <summary>The report; null where the mail is none.</summary>
    public static ReadReport? Read(MimeMessage message)
    {
        if (message.Body is not Multipart multipart || multipart.OfType<MessageDispositionNotification>().FirstOrDefault() is not { } notification) return null;
        if (notification.Content is { Stream.Length: > MaxReport }) return null;
        HeaderList fields;
        try
        {
            fields = notification.Fields;
        }
        catch (FormatException)
        {
            return null;
        }

        // RFC 8098 §3.2.6: modes, a semicolon, the type, and perhaps a slash and modifiers.
        string type = fields["Disposition"]?.Split(';').Last().Split('/')[0].Trim().ToLowerInvariant() ?? "";
        string? original = MessageIds.Normalize(fields["Original-Message-ID"]) ?? MessageIds.Normalize(message.InReplyTo);
        if (type != "displayed" || original is null) return null;
        string?[] named = [Value(fields["Original-Recipient"]), Value(fields["Final-Recipient"]), .. message.From.Mailboxes.Select(static from => from.Address)];
        return new ReadReport(original, [.. named.OfType<string>()]);
    }

    private static string? Value(string? typed) => typed?[(typed.IndexOf(';') + 1)..].Trim();
}
