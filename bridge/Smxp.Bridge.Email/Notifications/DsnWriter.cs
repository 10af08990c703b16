using System.Globalization;
using System.Text;
using MimeKit;
using MimeKit.Utils;

namespace Smxp.Bridge.Email.Notifications;

/// <summary>
/// Writes delivery status notifications (RFC 3464): a multipart/report (RFC 6522) of words for people, fields for programs, and what comes back of the mail. Pure: the same report becomes
/// the same bytes, with CRLF line ends and nothing beyond seven bits.
/// </summary>
internal static class DsnWriter
{
    private const int LongestLine = 998;

    public static byte[] Write(DsnReport report)
    {
        using var message = new MimeMessage();
        message.From.Add(new MailboxAddress(MessageNotice.Name, $"MAILER-DAEMON@{report.ReportingServer}"));
        message.To.Add(new MailboxAddress(null, report.To));
        message.Subject = Subject(report.Action);
        message.Date = report.Date;
        message.MessageId = report.MessageId;
        // RFC 3834 §5: so that nobody answers automatically.
        message.Headers.Add(HeaderId.AutoSubmitted, "auto-replied");
        string boundary = $"report-{report.MessageId.Split('@')[0]}";
        var body = new MultipartReport("delivery-status") { Boundary = boundary };
        body.Add(new TextPart("plain") { Text = Words(report), ContentTransferEncoding = ContentEncoding.QuotedPrintable });
        body.Add(Fields(report));
        if (!report.Returned.IsEmpty) body.Add(Returned(report));
        message.Body = body;
        message.Prepare(EncodingConstraint.SevenBit, LongestLine);

        var format = FormatOptions.Default.Clone();
        (format.NewLineFormat, format.EnsureNewLine) = (NewLineFormat.Dos, true);
        using var stream = new MemoryStream();
        message.WriteTo(format, stream);
        return stream.ToArray();
    }

    /// <summary>The notification in words, for whoever reads no mail.</summary>
    public static string Words(DsnReport report)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"This is the mail server {report.ReportingServer}.\n\n");
        text.Append(report.Action switch
        {
            DsnAction.Failed => $"Your mail to {report.Recipient} could not be delivered. It will not be tried again.\n",
            DsnAction.Delayed => $"Your mail to {report.Recipient} could not be delivered yet.{Until(report)} There is nothing you need to do.\n",
            DsnAction.Relayed => $"Your mail to {report.Recipient} went on to a mail server that does not tell what becomes of it.\n",
            _ => $"Your mail to {report.Recipient} was delivered.\n",
        });
        if (report.Words is { } words) text.Append(report.Action is DsnAction.Failed or DsnAction.Delayed ? "\nThe reason: " : "\n").Append(words).Append('\n');
        return text.ToString();
    }

    /// <summary>The notification's subject.</summary>
    public static string Subject(DsnAction action) => action switch
    {
        DsnAction.Failed => "Undelivered mail",
        DsnAction.Delayed => "Delayed mail",
        DsnAction.Relayed => "Relayed mail",
        _ => "Delivered mail",
    };

    private static string Until(DsnReport report) => report.TriedUntil is { } until ? string.Create(CultureInfo.InvariantCulture, $" It will be tried until {until:yyyy-MM-dd HH:mm} UTC.") : " It will be tried again.";

    private static MessageDeliveryStatus Fields(DsnReport report)
    {
        var status = new MessageDeliveryStatus();
        var mail = new HeaderList();
        // RFC 3464 §2.2.1.
        if (report.EnvelopeId is { Length: > 0 } id) mail.Add("Original-Envelope-Id", Printable(id));
        mail.Add("Reporting-MTA", $"dns; {report.ReportingServer}");
        mail.Add("Arrival-Date", DateUtils.FormatDate(report.ArrivedAt));

        var recipient = new HeaderList();
        if (report.OriginalRecipient is { } original) recipient.Add("Original-Recipient", Typed(original));
        recipient.Add("Final-Recipient", Typed(report.Recipient));
        recipient.Add("Action", report.Action.ToString().ToLowerInvariant());
        recipient.Add("Status", report.Status);
        if (report.Words is { } words) recipient.Add("Diagnostic-Code", $"{(report.IsReply ? "smtp" : "x-smxp")}; {Printable(words)}");
        recipient.Add("Last-Attempt-Date", DateUtils.FormatDate(report.Date));
        if (report is { Action: DsnAction.Delayed, TriedUntil: { } until }) recipient.Add("Will-Retry-Until", DateUtils.FormatDate(until));
        status.StatusGroups.Add(mail);
        status.StatusGroups.Add(recipient);
        return status;
    }

    // RFC 6522 §3: the mail itself as message/rfc822, its header alone as text/rfc822-headers.
    private static MimePart Returned(DsnReport report)
    {
        bool isAscii = Ascii.IsValid(report.Returned.Span);
        return new MimePart(report.IsWhole ? "message" : "text", report.IsWhole ? "rfc822" : "rfc822-headers")
        {
            Content = new MimeContent(new MemoryStream(report.Returned.ToArray())),
            // RFC 2046 §5.2.1 lets message/rfc822 be no more than 7bit or 8bit.
            ContentTransferEncoding = isAscii ? ContentEncoding.SevenBit : report.IsWhole ? ContentEncoding.EightBit : ContentEncoding.QuotedPrintable,
        };
    }

    // RFC 6533 §3: an address beyond ASCII is of the type utf-8, and in a field of seven bits written in its escapes.
    private static string Typed(string address) => Ascii.IsValid(address)
        ? $"rfc822; {address}"
        : $"utf-8; {string.Concat(address.EnumerateRunes().Select(static rune => rune.Value is > 0x20 and < 0x7f and not ('+' or '=' or '\\') ? rune.ToString() : $"\\x{{{rune.Value:X2}}}"))}";

    private static string Printable(string text) => string.Concat(text.Select(static c => c is >= ' ' and <= '~' ? c : '?'));
}
