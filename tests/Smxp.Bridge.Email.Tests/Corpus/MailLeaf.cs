using MimeKit;
using MimeKit.Cryptography;
using MimeKit.Text;
using MimeKit.Tnef;

namespace Smxp.Bridge.Email.Tests.Corpus;

/// <summary>A part of a mail that has no parts, as MimeKit reads it: what must be in the message's body or among its files.</summary>
/// <param name="Entity">The part.</param>
/// <param name="IsOptional">Whether it may be left out: a choice beside a better one, or a signature over the original's bytes.</param>
internal sealed record MailLeaf(MimeEntity Entity, bool IsOptional)
{
    /// <summary>Whether it came in TNEF.</summary>
    private bool IsInTnef { get; init; }

    /// <summary>Whether it is a file even where it looks like a text.</summary>
    private bool IsFile { get; init; }

    /// <summary>A text that is part of the mail's body, not a file.</summary>
    public TextPart? Text => !IsFile && Entity is TextPart { IsAttachment: false, FileName: null } text && (text.IsPlain || text.IsHtml) ? text : null;

    /// <summary>The name of the file; an attached mail may have none, and gets one.</summary>
    public string? Name => Entity is MimePart part ? part.FileName : Entity.ContentDisposition?.FileName ?? Entity.ContentType.Name;

    public byte[] Content
    {
        get
        {
            using var bytes = new MemoryStream();
            if (Entity is MimePart part) part.Content?.DecodeTo(bytes);
            else if (Entity is MessagePart { Message: { } message }) message.WriteTo(bytes);
            return bytes.ToArray();
        }
    }

    public static IReadOnlyList<MailLeaf> Of(MimeMessage message)
    {
        if (message.Body is not { } body) return [];
        List<MailLeaf> leaves = [.. Of(body, isOptional: false)];
        var texts = leaves.Where(static leaf => !leaf.IsInTnef).Select(static leaf => leaf.Text).OfType<TextPart>().ToList();
        if (texts.Count == 0) return leaves;
        // Outlook repeats the mail's body in its TNEF, in several forms. What says something else is a note that was attached.
        return [.. leaves.Select(leaf => leaf is { IsInTnef: true, Text: { } text } ? leaf with { IsFile = true, IsOptional = text.IsHtml || texts.Exists(shown => Words(shown) == Words(text)) } : leaf)];
    }

    /// <summary>A plain text: of a flowed one (RFC 3676) the joined lines.</summary>
    public static string Read(TextPart part)
    {
        bool deleteSpace = string.Equals(part.ContentType.Parameters["delsp"], "yes", StringComparison.OrdinalIgnoreCase);
        return (part.IsFlowed ? new FlowedToText { DeleteSpace = deleteSpace }.Convert(part.Text) : part.Text).Replace("\r\n", "\n", StringComparison.Ordinal);
    }

    private static IEnumerable<MailLeaf> Of(MimeEntity entity, bool isOptional) => entity switch
    {
        MultipartSigned { Count: > 0 } signed => [.. Of(signed[0], isOptional), .. signed.Skip(1).Select(static part => new MailLeaf(part, true))],
        MultipartAlternative choices => choices.SelectMany(static part => Of(part, isOptional: true)),
        Multipart parts => parts.SelectMany(part => Of(part, isOptional)),
        TnefPart tnef when tnef.ConvertToMessage().Body is { } body => Of(body, isOptional).Select(static leaf => leaf with { IsInTnef = true }),
        _ => [new MailLeaf(entity, isOptional && entity is TextPart { IsAttachment: false, FileName: null })],
    };

    private static string Words(TextPart part) => string.Join(' ', part.Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
