using System.Globalization;
using MimeKit;
using MimeKit.Utils;
using Smxp.Bridge.Email.Threads;
using Smxp.Plugins.Content;
using Smxp.Plugins.Host;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Mapping;

/// <summary>What reading a mail depends on besides the mail.</summary>
/// <param name="Now">The time of receipt.</param>
/// <param name="Html">The html content type, which makes HTML safe; null where it is not in use, and then plain text is taken.</param>
/// <param name="CutQuotes">Whether a trailing quote is cut.</param>
internal sealed record MailReadOptions(DateTimeOffset Now, IContentType? Html, bool CutQuotes)
{
    /// <summary>What the HTML becomes.</summary>
    public BodyForm Form { get; init; }

    /// <summary>By configuration. Where nobody could read it as markdown, HTML stays HTML.</summary>
    public static MailReadOptions By(EmailSettings settings, IContentTypes contentTypes, DateTimeOffset now) =>
        new(now, contentTypes.TryGet("html", out var html) ? html : null, settings.CutTrailingQuotes)
        {
            Form = settings.Body == BodyForm.Markdown && !contentTypes.TryGet("markdown", out _) ? BodyForm.Html : settings.Body,
        };
}

/// <summary>Reads a parsed mail into a draft. Pure; whatever strangers write, it answers a draft.</summary>
internal static class MailReader
{
    private const int MaxSubject = 2000;
    private const int MaxName = 200;
    private const int MaxRecipients = 100;
    private const int MaxReplaced = 5;
    // A clock may be wrong by a day, and mail may be old, but not older than mail.
    private static readonly DateTimeOffset Earliest = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan MostAhead = TimeSpan.FromDays(1);

    public static MailDraft Read(MimeMessage message, MailReadOptions options)
    {
        var author = Author(message);
        var thread = ThreadReferences.Read(message);
        var content = BodyReader.Read(message, options, isReply: !thread.IsEmpty);
        bool isAutomatic = Automatic.Is(message);
        string? messageId = MessageIds.Normalize(message.MessageId);
        return new MailDraft
        {
            From = author is not null && Address.TryParse(author.Address, out var address) ? address : null,
            Name = DisplayText.Line(author?.Name, MaxName),
            Subject = DisplayText.Line(message.Subject, MaxSubject),
            Timestamp = Timestamp(message.Date, options.Now),
            Expires = Expires(message, options.Now),
            ContentType = content.ContentType,
            Body = content.Body,
            Source = content.Source,
            QuoteCut = content.QuoteCut,
            Attachments = content.Attachments,
            MessageId = messageId,
            Fingerprint = string.Join('\n', message.Headers[HeaderId.From], message.Headers[HeaderId.To], message.Headers[HeaderId.Date], message.Headers[HeaderId.Subject]),
            Thread = thread,
            Recipients = Recipients(message),
            Replaced = Replaced(message),
            IsAutomatic = isAutomatic,
            IsAnswer = Automatic.IsAnswer(message),
            AsksReceipt = !isAutomatic && AsksReceipt(message, author),
            Hops = message.Headers.Count(static header => header.Id == HeaderId.Received),
        };
    }

    private static IReadOnlyList<string> Recipients(MimeMessage message) =>
        [.. message.To.Mailboxes.Concat(message.Cc.Mailboxes).Select(static mailbox => Address.TryParse(mailbox.Address, out var address) ? address.ToString() : null).OfType<string>().Distinct().Take(MaxRecipients)];

    // RFC 2156 §5.3.6 and its predecessors call it by either name.
    private static IReadOnlyList<string> Replaced(MimeMessage message) =>
        [.. new[] { message.Headers["Supersedes"], message.Headers["Obsoletes"] }.OfType<string>().SelectMany(MimeUtils.EnumerateReferences).Select(MessageIds.Normalize).OfType<string>().Take(MaxReplaced)];

    // RFC 8098 §2.1: a wish to have somebody else told is looked at twice, and by nobody here.
    private static bool AsksReceipt(MimeMessage message, MailboxAddress? author) =>
        message.Headers[HeaderId.DispositionNotificationTo] is { } asked && author is not null && InternetAddressList.TryParse(asked, out var wanted)
        && wanted.Mailboxes.All(mailbox => string.Equals(mailbox.Address, author.Address, StringComparison.OrdinalIgnoreCase)) && wanted.Mailboxes.Any();

    private static MailboxAddress? Author(MimeMessage message) =>
        message.From.Mailboxes.FirstOrDefault(IsUsable) ?? (message.Sender is { } sender && IsUsable(sender) ? sender : null);

    private static bool IsUsable(MailboxAddress mailbox) => Address.TryParse(mailbox.Address, out _);

    // Email mapping §4: absurd or missing dates fall back to the time of receipt.
    private static long Timestamp(DateTimeOffset date, DateTimeOffset now) =>
        date < Earliest || date > now + MostAhead ? now.ToUnixTimeSeconds() : date.ToUnixTimeSeconds();

    // RFC 4021 §2.1.50. What has expired on the way is still delivered: dropping it would lose mail without a word.
    private static long? Expires(MimeMessage message, DateTimeOffset now) =>
        message.Headers[HeaderId.Expires] is { } text && DateUtils.TryParse(text, out var date) && date > now && date.Year < 9999 ? date.ToUnixTimeSeconds() : null;
}
