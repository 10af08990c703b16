using Smxp.Protocol;

namespace Smxp.Bridge.Email.Outbound;

/// <summary>Parts that an HTML body shows: <c>blob:</c> links become <c>cid:</c> ones (RFC 2392).</summary>
internal static class InlineParts
{
    public static string ContentIdOf(Attachment attachment) => $"{attachment.BlobId}@blob.invalid";

    public static bool Is(Attachment attachment) => attachment.Disposition is "inline" or "embedded";

    public static string Link(string html, Envelope envelope)
    {
        foreach (var attachment in envelope.Attachments.Where(Is)) html = html.Replace($"blob:{attachment.BlobId}", $"cid:{ContentIdOf(attachment)}", StringComparison.Ordinal);
        return html;
    }
}
