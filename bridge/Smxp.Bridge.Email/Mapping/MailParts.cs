using MimeKit;
using MimeKit.Cryptography;
using MimeKit.Tnef;

namespace Smxp.Bridge.Email.Mapping;

/// <summary>The leaves of a mail, sorted into what is shown and what is attached.</summary>
internal sealed class MailParts
{
    private const int MaxAttachments = 200;
    private const int MaxTnefDepth = 3;

    private readonly List<TextPart> _texts = [];
    private readonly List<MimeEntity> _attachments = [];
    private readonly bool _preferHtml;
    private readonly int _tnefDepth;

    private MailParts(bool preferHtml, int tnefDepth) => (_preferHtml, _tnefDepth) = (preferHtml, tnefDepth);

    /// <summary>The HTML body; null where there is none.</summary>
    public TextPart? Html { get; private set; }

    /// <summary>Plain texts: the body, or what stands beside an HTML one.</summary>
    public IReadOnlyList<TextPart> Texts => _texts;

    public IReadOnlyList<MimeEntity> Attachments => _attachments;

    private bool HasBody => Html is not null || _texts.Count > 0;

    public static MailParts Collect(MimeEntity root, bool preferHtml) => Collect(root, preferHtml, tnefDepth: 0);

    private static MailParts Collect(MimeEntity root, bool preferHtml, int tnefDepth)
    {
        var parts = new MailParts(preferHtml, tnefDepth);
        parts.Visit(root);
        return parts;
    }

    private void Visit(MimeEntity entity)
    {
        switch (entity)
        {
            case MultipartAlternative alternative:
                Choose(alternative);
                break;
            case MultipartSigned { Count: > 0 } signed:
                // The signature is of use only with the very bytes it signs, and those are in the original.
                Visit(signed[0]);
                break;
            case MultipartEncrypted encrypted:
                foreach (var part in encrypted) Attach(part);
                break;
            case Multipart multipart:
                foreach (var part in multipart) Visit(part);
                break;
            // What is in one is copied out of it, so deep nesting would cost its square.
            case TnefPart tnef when _tnefDepth < MaxTnefDepth:
                Open(tnef);
                break;
            case TextPart text when IsShown(text):
                Show(text);
                break;
            default:
                Attach(entity);
                break;
        }
    }

    private static bool IsShown(TextPart text) => !text.IsAttachment && text.FileName is null && (text.IsPlain || text.IsHtml);

    private void Show(TextPart text)
    {
        if (text.IsHtml && Html is null && (_texts.Count == 0 || !_preferHtml)) Html = text;
        else if (text.IsHtml || Html is not null) Attach(text);
        else _texts.Add(text);
    }

    // RFC 2046 §5.1.4: the last that can be shown is the best.
    private void Choose(MultipartAlternative alternative)
    {
        var choices = alternative.Select(part => Collect(part, _preferHtml, _tnefDepth)).ToList();
        var best = choices.FindLast(choice => _preferHtml && choice.Html is not null) ?? choices.FindLast(static choice => choice._texts.Count > 0) ?? choices.FindLast(static choice => choice.HasBody);
        foreach (var attachment in choices.SelectMany(static choice => choice._attachments)) Attach(attachment);
        if (best?.Html is { } html)
        {
            if (HasBody) Attach(html);
            else Html = html;
        }

        if (best is not null) _texts.AddRange(best._texts);
    }

    private void Open(TnefPart tnef)
    {
        try
        {
            if (!TnefLimits.IsTooComplex(tnef) && tnef.ConvertToMessage().Body is { } body)
            {
                var parts = Collect(body, _preferHtml, _tnefDepth + 1);
                if (parts is { HasBody: false, _attachments.Count: 0 }) Attach(tnef);
                foreach (var attachment in parts._attachments) Attach(attachment);
                if (HasBody)
                {
                    // The body is in there once more, in several forms. What says something else is a note that was attached.
                    foreach (var note in parts._texts.Where(text => !_texts.Exists(shown => SaySame(shown, text)))) Attach(note);
                    return;
                }

                Html = parts.Html;
                _texts.AddRange(parts._texts);
            }
            else
            {
                Attach(tnef);
            }
        }
        catch (Exception)
        {
            // The format is undocumented and its reader is old; whatever it stumbles over, a stated length no memory could hold included, the file itself is not lost.
            Attach(tnef);
        }
    }

    private static bool SaySame(TextPart one, TextPart other) => Words(one) is { } words && words == Words(other);

    private static string? Words(TextPart part) =>
        PartText.TryRead(part) is { } text ? string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)) : null;

    private void Attach(MimeEntity entity)
    {
        // Beyond that, the original has them.
        if (_attachments.Count < MaxAttachments) _attachments.Add(entity);
    }
}
