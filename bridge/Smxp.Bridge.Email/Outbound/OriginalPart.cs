using MimeKit;

namespace Smxp.Bridge.Email.Outbound;

/// <summary>A mail within a mail, byte for byte: parsed and written anew, one that was badly made would come out otherwise, and no signature over it would verify.</summary>
internal sealed class OriginalPart : MimePart
{
    /// <summary>Takes a mail of seven-bit lines; the stream must stay open until it is written.</summary>
    public OriginalPart(Stream mail)
        : base("message", "rfc822")
    {
        Content = new MimeContent(mail);
        ContentTransferEncoding = ContentEncoding.SevenBit;
    }

    // RFC 2046 §5.2.1: a mail within a mail is never encoded; a line that begins with "From " would have it done.
    public override void Prepare(EncodingConstraint constraint, int maxLineLength = 78)
    {
    }
}
