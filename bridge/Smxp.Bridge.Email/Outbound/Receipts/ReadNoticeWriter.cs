using System.Globalization;
using MimeKit;
using Smxp.Bridge.Email.Ledger;

namespace Smxp.Bridge.Email.Outbound.Receipts;

/// <summary>Writes a message disposition notification (RFC 8098 §3): that a mail was shown to its reader, who said so.</summary>
internal static class ReadNoticeWriter
{
    public static MimeMessage Write(MailboxAddress reader, MailboxAddress author, long readAt, string id, ReceiptRequest request, string hostName)
    {
        var date = DateTimeOffset.FromUnixTimeSeconds(readAt);
        string what = request.Subject is { } subject ? $"Your message \"{subject}\"" : "Your message";
        string text = string.Create(CultureInfo.InvariantCulture, $"{what} to {reader.Address} was read on {date:yyyy-MM-dd} at {date:HH:mm} UTC.");
        // The same at every attempt: the id of what was read, not of this.
        var message = new MimeMessage { Subject = $"Read: {request.Subject}".TrimEnd(), Date = date, MessageId = $"read.{id}@{reader.Domain}" };
        message.From.Add(reader);
        message.To.Add(author);
        if (request.MessageId is { } original)
        {
            message.InReplyTo = original;
            message.References.Add(original);
        }

        // RFC 3834 §5.
        message.Headers.Add("Auto-Submitted", "auto-replied");
        message.Body = new MultipartReport("disposition-notification") { BodyWriter.Plain(text), Notification(reader, request, hostName) };
        ((Multipart)message.Body).Boundary = PartTree.Boundary(id, "read");
        return message;
    }

    private static MessageDispositionNotification Notification(MailboxAddress reader, ReceiptRequest request, string hostName)
    {
        var notification = new MessageDispositionNotification();
        notification.Fields.Add("Reporting-UA", $"{hostName}; Smxp");
        notification.Fields.Add("Final-Recipient", $"rfc822; {reader.Address}");
        if (request.MessageId is { } original) notification.Fields.Add("Original-Message-ID", $"<{original}>");
        notification.Fields.Add("Disposition", "manual-action/MDN-sent-manually; displayed");
        return notification;
    }
}
