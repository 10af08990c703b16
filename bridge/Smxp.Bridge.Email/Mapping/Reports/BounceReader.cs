using System.Text.RegularExpressions;
using MimeKit;
using Smxp.Bridge.Email.Threads;

namespace Smxp.Bridge.Email.Mapping.Reports;

/// <summary>Reads what a bounce says: a delivery status notification (RFC 3464), or one in its sender's own words that brings the mail, or its header, back. Pure.</summary>
internal static partial class BounceReader
{
    private const int MaxRecipients = 100;
    private const int MaxText = 64 * 1024;
    private const int MaxWords = 500;

    /// <summary>The report; null where the mail is none.</summary>
    public static BounceReport? Read(MimeMessage message)
    {
        if (message.Body is not { } body) return null;
        var parts = PartsOf(body);
        string? original = parts.Select(OriginalMessageId).FirstOrDefault(static id => id is not null);
        if (parts.OfType<MessageDeliveryStatus>().FirstOrDefault() is { } status) return ReadStandard(status, original);
        return ReadOther(message, parts, original);
    }

    /// <summary>What a mail says that came without a return path to one that was a single mail's own: it speaks of that mail and need not name it. Null where a machine answers for a person.</summary>
    public static BounceReport? ReadReturned(MimeMessage message)
    {
        if (Read(message) is { } report) return report;
        // RFC 3834 §3: an automatic response says what it is, or at least what it answers.
        if (!IsServer(message) && (Automatic.Is(message) || message.InReplyTo is not null)) return null;
        string text = message.Body is { } body ? TextOf(PartsOf(body)) : "";
        return new BounceReport(null, null, [InItsOwnWords(message, SmtpReply().Match(text), null)]);
    }

    private static BounceReport? ReadStandard(MessageDeliveryStatus status, string? original)
    {
        HeaderListCollection groups;
        try
        {
            groups = status.StatusGroups;
        }
        catch (FormatException)
        {
            return null;
        }

        if (groups.Count == 0) return null;
        // RFC 3464 §2.2.1. Some write the recipient's fields right below the message's, without the empty line between.
        string? envelopeId = groups[0]["Original-Envelope-Id"]?.Trim();
        var recipients = groups.Where(static group => group["Action"] is not null).Take(MaxRecipients).Select(ReadRecipient).ToList();
        return recipients.Count == 0 ? null : new BounceReport(envelopeId, original, recipients);
    }

    private static RecipientReport ReadRecipient(HeaderList fields)
    {
        var fate = fields["Action"]!.Split('(')[0].Trim().ToLowerInvariant() switch
        {
            "failed" => Fate.Failed,
            "delayed" => Fate.Delayed,
            _ => Fate.Delivered,
        };
        string? said = Value(fields["Diagnostic-Code"]) ?? fields["Status"]?.Trim();
        string? host = Value(fields["Remote-MTA"]);
        string words = host is null ? said ?? "no reason given" : $"{host}: {said ?? "no reason given"}";
        // RFC 3464 §2.3.1: whom the sender meant, and only then whom the last server knew.
        return new RecipientReport(Value(fields["Original-Recipient"]), Value(fields["Final-Recipient"]), fate, DisplayText.Line(words, MaxWords) ?? "no reason given");
    }

    // RFC 3464 §2.1.2: a type, a semicolon, and what is meant.
    private static string? Value(string? typed)
    {
        if (typed is null) return null;
        string value = typed[(typed.IndexOf(';') + 1)..].Trim().TrimStart('<').TrimEnd('>');
        return value.Length > 0 ? value : null;
    }

    // No standard says how these look. What brings our Message-ID back and was written by a mail server, or gives an SMTP reply, is one.
    private static BounceReport? ReadOther(MimeMessage message, IReadOnlyList<MimeEntity> parts, string? original)
    {
        string text = TextOf(parts);
        original ??= QuotedMessageId().Match(text) is { Success: true } quoted ? MessageIds.Normalize(quoted.Groups[1].Value) : null;
        if (original is null) return null;
        string own = QuotedMessageId().Match(text) is { Success: true } end ? text[..end.Index] : text;
        var reply = SmtpReply().Match(own);
        if (!reply.Success && !IsServer(message)) return null;
        string? recipient = MailboxPattern().Match(own) is { Success: true } named ? named.Value : null;
        return new BounceReport(null, original, [InItsOwnWords(message, reply, recipient)]);
    }

    private static RecipientReport InItsOwnWords(MimeMessage message, Match reply, string? recipient)
    {
        string? words = DisplayText.Line(reply.Success ? reply.Value : message.Subject, MaxWords);
        var fate = reply.Success && reply.Groups["class"].Value == "4" ? Fate.Delayed : Fate.Failed;
        return new RecipientReport(message.Headers["X-Failed-Recipients"]?.Trim() ?? recipient, null, fate, words ?? "returned without a reason");
    }

    private static bool IsServer(MimeMessage message) => message.From.Mailboxes.Any(static from => from.Address.Split('@')[0].ToLowerInvariant() is "mailer-daemon" or "postmaster");

    private static List<MimeEntity> PartsOf(MimeEntity body) => [.. Leaves(body).Take(MaxRecipients)];

    private static string TextOf(IEnumerable<MimeEntity> parts) => string.Join('\n', parts.OfType<TextPart>().Where(static part => !part.IsAttachment).Select(TextOf));

    private static string? OriginalMessageId(MimeEntity entity) => entity switch
    {
        // Its header alone (RFC 6522 §4) is one too.
        MessagePart { Message: { } message } => MessageIds.Normalize(message.MessageId),
        _ => null,
    };

    private static string TextOf(TextPart part) => PartText.TryRead(part) is { } text ? text[..Math.Min(text.Length, MaxText)] : "";

    private static IEnumerable<MimeEntity> Leaves(MimeEntity entity) =>
        entity is Multipart multipart ? multipart.SelectMany(Leaves) : [entity];

    [GeneratedRegex(@"^[> \t]{0,8}Message-ID:\s*(<[^<>\s]{1,900}>)", RegexOptions.IgnoreCase | RegexOptions.Multiline | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex QuotedMessageId();

    // "550 5.1.1 …", "550-5.1.1 …", "(#5.1.1)": RFC 5321 §4.2, RFC 3463 §2.
    [GeneratedRegex(@"(?<![\d.])(?<class>[45])(\d\d[ -]|\.\d{1,3}\.\d{1,3}\b)[^\r\n]{0,300}", RegexOptions.CultureInvariant)]
    private static partial Regex SmtpReply();

    [GeneratedRegex(@"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,250}", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex MailboxPattern();
}
