using System.Net;
using System.Text;
using MimeKit;
using Smxp.Bridge.Email.Mapping;
using Smxp.Bridge.Email.Outbound.Links;
using Smxp.Plugins.Host;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Outbound;

/// <summary>A message's body as text/plain, or as text/plain and text/html where its content type has more to say than plain text (email mapping §4).</summary>
internal sealed class BodyWriter(IContentTypes contentTypes)
{
    private const string Plaintext = "text";
    private const string Html = "html";
    private const string DeleteNotice = "I have taken back my earlier message. Please disregard it.";
    private const string EditNotice = "This replaces my earlier message.";

    public MimeEntity Write(Envelope envelope, IReadOnlyList<FileLink> links)
    {
        if (envelope.Type == EnvelopeType.Delete) return Plain(DeleteNotice);
        string body = envelope.Body ?? "";
        bool edit = envelope.Type == EnvelopeType.Edit;
        if (envelope.ContentType == Plaintext || !contentTypes.TryGet(envelope.ContentType, out var contentType)) return Plain(WithLinks(edit ? $"{EditNotice}\n\n{body}" : body, links));
        string text = contentType.RenderText(body);
        // The author's own HTML goes as it is: making it safe to show is for the reader's side, and would take its remote pictures.
        string html = InlineParts.Link(envelope.ContentType == Html ? body : contentType.RenderHtml(body), envelope);
        if (edit) (text, html) = ($"{EditNotice}\n\n{text}", $"<p>{WebUtility.HtmlEncode(EditNotice)}</p>\n{html}");
        foreach (var link in links) html += $"\n<p><a href=\"{WebUtility.HtmlEncode(link.Address.AbsoluteUri)}\">{WebUtility.HtmlEncode(link.Text)}</a></p>";
        return new MultipartAlternative(Plain(WithLinks(text, links)), Rich(html)) { Boundary = PartTree.Boundary(envelope.Id, "alternative") };
    }

    /// <summary>A text with the files that are fetched by link below it.</summary>
    public static string WithLinks(string text, IReadOnlyList<FileLink> links) =>
        links.Count == 0 ? text : $"{text.TrimEnd('\n')}\n\n{string.Join('\n', links.Select(static link => link.Text))}";

    /// <summary>A format=flowed text (RFC 3676).</summary>
    public static TextPart Plain(string text)
    {
        var part = new TextPart("plain") { ContentTransferEncoding = EncodingFor(text) };
        part.SetText(Encoding.UTF8, FlowedText.Break(text.TrimEnd('\n')));
        part.ContentType.Parameters.Add("format", "flowed");
        return part;
    }

    private static TextPart Rich(string html)
    {
        var part = new TextPart(Html) { ContentTransferEncoding = ContentEncoding.QuotedPrintable };
        part.SetText(Encoding.UTF8, html);
        return part;
    }

    // RFC 2045 §6.7: quoted-printable unless it passes everywhere as it is.
    private static ContentEncoding EncodingFor(string text) =>
        Ascii.IsValid(text) && text.AsSpan().IndexOfAnyExceptInRange('\t', '~') < 0 && LongestWord(text) < 900 ? ContentEncoding.SevenBit : ContentEncoding.QuotedPrintable;

    private static int LongestWord(string text)
    {
        int longest = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            foreach (var word in line.Split(' ')) longest = Math.Max(longest, word.End.Value - word.Start.Value);
            if (line.StartsWith('>')) longest = Math.Max(longest, line.Length);
        }

        return longest;
    }
}
