using MimeKit;
using Smxp.Bridge.Email;
using Smxp.Bridge.Email.Inbound;
using Smxp.Bridge.Email.Ledger;
using Smxp.Bridge.Email.Mapping;
using Smxp.Bridge.Email.Mapping.Reports;
using Smxp.Bridge.Email.Threads;
using Smxp.Content.Standard;

namespace Smxp.Fuzz.Targets;

/// <summary>
/// From the bytes of a mail to what a message says: bounds, parser, reader in each of its forms, thread, reports, identity, attachments (winmail.dat among them), and the original as it is
/// served. What comes out must be fit to show: one line where one is meant, no NUL, no half characters, no folders in file names.
/// </summary>
internal sealed class MimeTarget : IFuzzTarget
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly string Folder = Path.Combine(Path.GetTempPath(), "smxp-fuzz");

    public MimeTarget() => CodePages.Register();

    public IReadOnlyList<byte[]> Seeds => MimeSeeds.All;

    public IReadOnlyList<byte[]> Words => MimeSeeds.Words;

    public async Task RunAsync(byte[] input)
    {
        await using var mail = new MessageSpool(Folder);
        await mail.WriteAsync(input, CancellationToken.None);
        if (MimeLimits.IsTooComplex(mail)) return;
        await using var source = mail.OpenRead();
        using var message = MailParser.Parse(source);
        foreach (var form in Enum.GetValues<BodyForm>())
        {
            var draft = MailReader.Read(message, new MailReadOptions(Now, new HtmlContent(), CutQuotes: true) { Form = form });
            Check(draft);
            if (form != default) continue;
            await MailIdentities.OfAsync(draft, mail, CancellationToken.None);
            if (draft.Thread.Root is { } root) ConversationIds.OfRoot(root);
            foreach (var part in draft.Attachments)
            {
                await using var content = await part.OpenAsync(mail, CancellationToken.None);
                await content.CopyToAsync(Stream.Null);
            }
        }

        foreach (var recipient in BounceReader.Read(message)?.Recipients ?? []) CheckLine(recipient.Words, "a bounce's reason");
        ReadReport.Read(message);
        await using var served = await ClaimedResults.RenameAsync(mail.OpenRead(), "mx.example.test", CancellationToken.None);
        using var copy = new MemoryStream();
        await served.CopyToAsync(copy);
        WrongOutcomeException.Unless(copy.Length == input.Length, "the original changed its size");
    }

    private static void Check(MailDraft draft)
    {
        CheckLine(draft.Subject, "the subject");
        CheckLine(draft.Name, "the author's name");
        CheckLine(draft.Source, "the source");
        CheckText(draft.Body, "the body");
        foreach (var part in draft.Attachments)
        {
            CheckLine(part.Name, "a file name");
            CheckText(part.ContentType, "a media type");
            WrongOutcomeException.Unless(part.Name?.AsSpan().ContainsAny('/', '\\') != true, "a file name has a folder");
        }

        foreach (string id in draft.Thread.Ancestors.Concat(draft.Replaced).Append(draft.MessageId ?? "")) CheckLine(id, "a Message-ID");
    }

    private static void CheckLine(string? text, string what)
    {
        CheckText(text, what);
        WrongOutcomeException.Unless(text is null || !text.Any(char.IsControl), $"{what} has control characters");
    }

    private static void CheckText(string? text, string what)
    {
        if (text is null) return;
        WrongOutcomeException.Unless(!text.Contains('\0', StringComparison.Ordinal), $"{what} has a NUL");
        bool isWhole = true;
        for (int i = 0; i < text.Length && isWhole; i++)
        {
            if (char.IsHighSurrogate(text[i])) isWhole = ++i < text.Length && char.IsLowSurrogate(text[i]);
            else isWhole = !char.IsLowSurrogate(text[i]);
        }

        WrongOutcomeException.Unless(isWhole, $"{what} has half a character");
    }
}
