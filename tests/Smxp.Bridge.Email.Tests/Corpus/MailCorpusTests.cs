using System.Text;
using System.Text.RegularExpressions;
using MimeKit;
using Smxp.Bridge.Email.Tests.Mapping;

namespace Smxp.Bridge.Email.Tests.Corpus;

/// <summary>Mail that was written by many programs, good and bad, comes in over SMTP; what is kept of it is what came, and so is what goes on.</summary>
public sealed class MailCorpusTests(CorpusFixture corpus) : IClassFixture<CorpusFixture>
{
    // RFC 5322 §2.1.1.
    private const int LongestLine = 998;

    [SharedMail]
    public void Every_mail_is_taken_and_its_original_comes_back_unchanged()
    {
        Assert.NotEmpty(corpus.Arrivals);
        Each(static one => Assert.Equal(one.Mail.Bytes, one.Original));
    }

    [SharedMail]
    public void The_body_says_what_the_mail_says() => Each(static one =>
    {
        var texts = MailLeaf.Of(one.Mail.Message).Select(static leaf => leaf.Text).OfType<TextPart>().ToList();
        if (one.Row.ContentType == "html") Assert.Equal(VisibleWords.Of(texts.First(static text => text.IsHtml).Text), VisibleWords.Of(one.Row.Body!));
        else Assert.Equal(string.Join("\n\n", texts.Where(static text => text.IsPlain).Select(MailLeaf.Read)).TrimEnd('\n'), one.Row.Body ?? "");
    });

    [SharedMail]
    public void What_MimeKit_calls_the_text_is_in_the_body() => Each(static one =>
    {
        if (one.Row.ContentType == "text" && one.Mail.Message.TextBody is { } text) Assert.StartsWith(Words(text), Words(one.Row.Body ?? ""), StringComparison.Ordinal);
        else if (one.Row.ContentType == "html" && one.Mail.Message.HtmlBody is { } html) Assert.Equal(VisibleWords.Of(html), VisibleWords.Of(one.Row.Body!));
    });

    [SharedMail]
    public void Every_part_is_in_the_body_or_a_file_with_its_name_and_bytes() => Each(static one =>
    {
        var left = MailLeaf.Of(one.Mail.Message).ToList();
        foreach (var file in one.Files)
        {
            int at = left.FindIndex(leaf => leaf.Content.AsSpan().SequenceEqual(file.Content));
            Assert.True(at >= 0, $"no part has the bytes of {file.Name}");
            if (left[at] is { Entity: MessagePart, Name: null }) Assert.EndsWith(".eml", file.Name, StringComparison.Ordinal);
            else Assert.Equal(left[at].Name, file.Name);
            left.RemoveAt(at);
        }

        // What is no file is the body: all plain texts, or one HTML.
        bool isHtml = one.Row.ContentType == "html";
        Assert.DoesNotContain(left, leaf => !leaf.IsOptional && leaf.Text?.IsHtml != isHtml);
        Assert.True(left.Count(static leaf => leaf.Text is { IsHtml: true }) <= 1, "more than one HTML is no file");
    });

    [SharedMail]
    public void An_attached_mail_is_the_bytes_that_stand_in_the_mail() => Each(static one =>
    {
        // Written anew, a boundary loses the blanks behind it.
        string mail = WithoutBlankEnds(Lines(one.Mail.Bytes));
        foreach (var leaf in MailLeaf.Of(one.Mail.Message).Where(static leaf => leaf.Entity is MessagePart)) Assert.Contains(WithoutBlankEnds(Lines(leaf.Content)).TrimEnd(), mail, StringComparison.Ordinal);
    });

    [SharedMail]
    public void A_forwarded_mail_leaves_as_it_came() => Each(static one =>
    {
        using var outer = MimeMessage.Load(new MemoryStream(one.Forwarded));
        var inner = Assert.IsType<MessagePart>(outer.Body).Message!;
        Assert.Equal((one.Mail.Message.MessageId, one.Mail.Message.Subject), (inner.MessageId, inner.Subject));
        if (IsSevenBit(one.Mail.Bytes)) Assert.True(one.IsForwardedAsItCame, "other bytes");
        else Assert.Equal(Contents(one.Mail.Message), Contents(inner));
    });

    [SharedMail]
    public void What_leaves_fits_every_server() => Each(static one => Assert.True(IsSevenBit(one.Forwarded), "octets beyond ASCII, or a line too long"));

    [SharedMail]
    public void The_table_says_what_each_became()
    {
        string table = CorpusTable.Write(corpus.Arrivals);
        if (Environment.GetEnvironmentVariable("SMXP_WRITE_CORPUS") == "1") File.WriteAllText(CorpusTable.Path, table);
        Assert.Equal(table, File.ReadAllText(CorpusTable.Path).ReplaceLineEndings("\n"));
    }

    // All that are wrong are told at once.
    private void Each(Action<Arrival> check)
    {
        var problems = new List<string>();
        foreach (var one in corpus.Arrivals)
        {
            var problem = Record.Exception(() => check(one));
            if (problem is not null) problems.Add($"{one.Mail.Title}: {problem.Message}");
        }

        Assert.True(problems.Count == 0, string.Join('\n', problems));
    }

    // What every part holds, within mails within the mail too: there, fields may have been recoded.
    private static IEnumerable<string> Contents(MimeMessage message) =>
        MailLeaf.Of(message).SelectMany(static leaf => leaf.Entity is MessagePart { Message: { } inner } ? Contents(inner) : [Lines(leaf.Content)]);

    private static bool IsSevenBit(byte[] mail) => mail.All(static b => b is > 0 and < 128) && Encoding.ASCII.GetString(mail).Split("\r\n").All(static line => line.Length <= LongestLine);

    private static string Lines(byte[] bytes) => Encoding.Latin1.GetString(bytes).Replace("\r\n", "\n", StringComparison.Ordinal);

    private static string WithoutBlankEnds(string lines) => string.Join('\n', lines.Split('\n').Select(static line => line.TrimEnd()));

    private static string Words(string text) => Regex.Replace(text, @"\s+", " ").Trim();
}
