using System.Globalization;
using System.Reflection;
using System.Text;

namespace Smxp.Bridge.Email.Tests.Corpus;

/// <summary>docs/corpus.md: what each mail of the corpus became.</summary>
internal static class CorpusTable
{
    private const string Introduction = """
        # The corpus

        An optional corpus of mails, written by many programs, good and bad, goes in over SMTP and comes out again: each mail is taken, its original is served byte for byte, its text and
        its attachments are what MimeKit reads in it, and forwarded to an email address it leaves as `message/rfc822`. This is what each mail became. The test that compares
        writes the table too (`SMXP_WRITE_CORPUS=1`), and fails where this page says something else; where the corpus is not there it is reported skipped.

        Each file went to an inbox of its own, the mails of a mail box in their order. Trailing quotes were left in. Lengths are in characters, sizes in bytes. A mail of seven-bit lines is
        forwarded as it came; one of eight bits, or with a line beyond 998 octets, is recoded where it can be, because not every server on the way takes it.

        | mail | content type | body | attachments | conversation | forwarded |
        |---|---|---|---|---|---|

        """;

    public static string Path { get; } = System.IO.Path.Combine(
        typeof(CorpusTable).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static attribute => attribute.Key == "Repository").Value!, "docs", "corpus.md");

    public static string Write(IReadOnlyList<Arrival> arrivals)
    {
        var table = new StringBuilder(Introduction.ReplaceLineEndings("\n"));
        foreach (var one in arrivals)
        {
            string files = string.Join("<br>", one.Files.Select(static file => string.Create(CultureInfo.InvariantCulture, $"{Cell(file.Name ?? "(no name)")} {file.Content.Length}")));
            table.Append(CultureInfo.InvariantCulture, $"| {one.Mail.Title} | {one.Row.ContentType} | {one.Row.Body?.Length ?? 0} | {files} | {Conversation(arrivals, one)} | {(one.IsForwardedAsItCame ? "as it came" : "recoded")} |\n");
        }

        return table.ToString();
    }

    private static string Conversation(IReadOnlyList<Arrival> arrivals, Arrival one)
    {
        var box = arrivals.Where(other => other.Mail.File == one.Mail.File).ToList();
        var first = box.First(other => other.Row.ConversationId == one.Row.ConversationId);
        if (box.Find(other => other.Row.Id == one.Row.InReplyTo) is { } parent) return $"answers {parent.Mail.Number}, begun by {first.Mail.Number}";
        if (first != one) return $"begun by {first.Mail.Number}";
        return one.Mail.Message.InReplyTo is null && one.Mail.Message.References.Count == 0 ? "begins one" : "begun by a mail that is not here";
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
