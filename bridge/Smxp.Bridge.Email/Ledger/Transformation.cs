using Smxp.Bridge.Email.Mapping;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Ledger;

/// <summary>What became of what at the border, in words.</summary>
internal static class Transformation
{
    /// <summary>Of a mail that became a message.</summary>
    public static IReadOnlyList<string> OfMail(MailDraft draft)
    {
        var words = new List<string>(4);
        words.Add(draft.Source is null ? "it had no text to show" : draft.ContentType == "html" ? $"{draft.Source} became an html body, made safe" : $"{draft.Source} became a {draft.ContentType} body");
        if (draft.QuoteCut) words.Add("a trailing quote was cut; the original has it");
        int inline = draft.Attachments.Count(static attachment => attachment.Placeholder is not null);
        if (inline > 0) words.Add($"{Count(inline, "picture")} in the text became {(inline == 1 ? "a blob" : "blobs")}");
        if (draft.Attachments.Count > inline) words.Add($"{Count(draft.Attachments.Count - inline, "part")} became {(draft.Attachments.Count - inline == 1 ? "an attachment" : "attachments")}");
        if (draft.MessageId is null) words.Add("it had no Message-ID; one was made from its content");
        return words;
    }

    /// <summary>Of a message that became a mail.</summary>
    public static IReadOnlyList<string> OfMessage(Envelope envelope)
    {
        var words = new List<string>(2);
        words.Add(envelope.Type switch
        {
            EnvelopeType.Edit => "the edit became a mail that replaces the earlier one",
            EnvelopeType.Delete => "the delete became a notice",
            EnvelopeType.Receipt => "the receipt became a notification",
            _ => envelope.ContentType switch
            {
                "text" => "the text became text/plain",
                "forward" => "the forwarded message went along",
                _ => $"the {envelope.ContentType} body became text/plain and text/html",
            },
        });
        if (envelope.Attachments.Count > 0) words.Add($"{Count(envelope.Attachments.Count, "attachment")} became {(envelope.Attachments.Count == 1 ? "a part" : "parts")}");
        return words;
    }

    private static string Count(int number, string what) => number == 1 ? $"1 {what}" : $"{number} {what}s";
}
