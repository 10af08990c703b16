using MimeKit;
using MimeKit.Utils;

namespace Smxp.Bridge.Email.Mapping;

/// <summary>A mail's body and attachments.</summary>
internal sealed record MailContent(string ContentType, string? Body, IReadOnlyList<DraftAttachment> Attachments)
{
    /// <summary>What the body was made from, in words; null where there is no body.</summary>
    public string? Source { get; init; }

    /// <summary>Whether a trailing quote was cut.</summary>
    public bool QuoteCut { get; init; }
}

/// <summary>Chooses what of a mail is its body (email mapping §4) and what its attachments (§5).</summary>
internal static class BodyReader
{
    public static MailContent Read(MimeMessage message, MailReadOptions options, bool isReply)
    {
        if (message.Body is not { } root) return new MailContent("text", null, []);
        var parts = MailParts.Collect(root, preferHtml: options is { Html: not null, Form: not BodyForm.Text });
        if (parts.Html is { } htmlPart && options.Html is not null && (options.Form != BodyForm.Text || parts.Texts.Count == 0)) return ReadHtml(htmlPart, parts, options, isReply);

        var attachments = parts.Attachments.ToList();
        if (parts.Html is not null) attachments.Add(parts.Html);
        if (TryJoin(parts.Texts) is not { } body)
        {
            attachments.AddRange(parts.Texts);
            return new MailContent("text", null, [.. attachments.Select(static part => Attach(part))]);
        }

        int whole = body.Length;
        if (options.CutQuotes && isReply) body = TextQuotes.Cut(body);
        return new MailContent("text", body.Length > 0 ? body : null, [.. attachments.Select(static part => Attach(part))])
        {
            Source = parts.Texts is [var first, ..] ? Describe(first) : null,
            QuoteCut = body.Length < whole,
        };
    }

    private static MailContent ReadHtml(TextPart part, MailParts parts, MailReadOptions options, bool isReply)
    {
        if (PartText.TryRead(part) is not { } html) return new MailContent("text", null, [.. parts.Attachments.Append(part).Concat(parts.Texts).Select(static entity => Attach(entity))]);
        int whole = html.Length;
        if (options.CutQuotes && isReply) html = HtmlQuotes.Cut(html);
        bool quoteCut = html.Length < whole;
        if (options.Form == BodyForm.Text)
            return new MailContent("text", options.Html!.RenderText(html), [.. parts.Attachments.Select(static entity => Attach(entity))]) { Source = Describe(part), QuoteCut = quoteCut };
        (html, var placeholders) = InlineImages.Link(html, parts.Attachments);
        List<DraftAttachment> attachments = [.. parts.Attachments.Select(entity => Attach(entity, placeholders.GetValueOrDefault(entity))), .. parts.Texts.Select(static text => Attach(text))];
        string safe = options.Html!.RenderHtml(html);
        var content = options.Form == BodyForm.Markdown ? new MailContent("markdown", HtmlMarkdown.Convert(safe), attachments) : new MailContent("html", safe, attachments);
        return content with { Source = Describe(part), QuoteCut = quoteCut };
    }

    // Strangers choose what a charset is called.
    private static string Describe(TextPart part) =>
        $"{(part.IsHtml ? "text/html" : part.IsFlowed ? "text/plain (format=flowed)" : "text/plain")} in {DisplayText.Line(part.ContentType.Charset, 40) ?? "no stated charset"}";

    private static string? TryJoin(IReadOnlyList<TextPart> parts)
    {
        List<string> texts = [];
        foreach (var part in parts)
        {
            if (PartText.TryRead(part) is not { } text || texts.Sum(static one => one.Length) + text.Length > PartText.MaxLength) return null;
            texts.Add(text);
        }

        return string.Join("\n\n", texts).TrimEnd('\n');
    }

    private static DraftAttachment Attach(MimeEntity entity, string? placeholder = null) =>
        new(entity, NameOf(entity), entity.ContentType.MimeType.ToLowerInvariant(), placeholder);

    private static string? NameOf(MimeEntity entity)
    {
        string? name = DisplayText.FileName(entity is MimePart part ? part.FileName : entity.ContentDisposition?.FileName ?? entity.ContentType.Name);
        if (name is not null || entity is not MessagePart { Message: { } message }) return name;
        return $"{DisplayText.FileName(message.Subject?.Replace('/', ' ').Replace('\\', ' ')) ?? "message"}.eml";
    }
}
