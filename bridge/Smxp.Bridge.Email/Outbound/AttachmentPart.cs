using MimeKit;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Outbound;

/// <summary>An attachment as a MIME part, read from its stream when the mail is sent.</summary>
internal static class AttachmentPart
{
    private const string Unknown = "application/octet-stream";

    public static MimePart Write(Attachment attachment, Stream content)
    {
        // Media types come from clients. Of message/* and multipart/*, base64 is forbidden (RFC 2046 §5), so a file of such a type travels as bytes.
        var type = ContentType.TryParse(attachment.ContentType ?? Unknown, out var parsed) && !parsed.IsMimeType("multipart", "*") && !parsed.IsMimeType("message", "*")
            ? new ContentType(parsed.MediaType, parsed.MediaSubtype)
            : ContentType.Parse(Unknown);
        bool inline = InlineParts.Is(attachment);
        var part = new MimePart(type)
        {
            Content = new MimeContent(content),
            ContentDisposition = new ContentDisposition(inline ? ContentDisposition.Inline : ContentDisposition.Attachment),
            ContentTransferEncoding = ContentEncoding.Base64,
        };
        if (attachment.Name is { } name) part.FileName = name;
        if (inline) part.ContentId = InlineParts.ContentIdOf(attachment);
        return part;
    }
}
