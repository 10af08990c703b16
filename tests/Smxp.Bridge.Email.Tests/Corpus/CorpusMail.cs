using System.Text;
using MimeKit;
using Smxp.Bridge.Email.Tests.Mapping;

namespace Smxp.Bridge.Email.Tests.Corpus;

/// <summary>A mail of the corpus as SMTP carries it: its lines end with CRLF.</summary>
/// <param name="File">The file it is in.</param>
/// <param name="Number">Which of a mail box it is, from 1; 0 for a file of its own.</param>
/// <param name="Bytes">Its bytes.</param>
internal sealed record CorpusMail(string File, int Number, byte[] Bytes)
{
    public string Title => Number == 0 ? File : $"{File} {Number}";

    /// <summary>What MimeKit reads.</summary>
    public MimeMessage Message { get; } = MimeMessage.Load(new MemoryStream(Bytes));

    /// <summary>Each file's mails, in the order of the files' names.</summary>
    public static IReadOnlyList<IReadOnlyList<CorpusMail>> ReadAll() =>
        [.. Directory.EnumerateFiles(SharedMailAttribute.Folder).Order(StringComparer.Ordinal).Where(static path => Path.GetExtension(path) is ".eml" or ".mbox").Select(Read)];

    private static IReadOnlyList<CorpusMail> Read(string path)
    {
        byte[] file = System.IO.File.ReadAllBytes(path);
        string name = Path.GetFileName(path);
        if (Path.GetExtension(path) == ".eml") return [new CorpusMail(name, 0, WithSmtpLines(file))];
        return [.. Ranges(file).Select((range, i) => new CorpusMail(name, i + 1, WithSmtpLines(file[range])))];
    }

    // As an importer would: each mail from the end of its "From " line.
    private static List<Range> Ranges(byte[] file)
    {
        var ranges = new List<Range>();
        using var stream = new MemoryStream(file);
        var parser = new MimeParser(stream, MimeFormat.Mbox);
        parser.MimeMessageEnd += (_, e) =>
        {
            if (e.Parent is null) ranges.Add((int)e.BeginOffset..(int)e.EndOffset);
        };
        while (!parser.IsEndOfStream) parser.ParseMessage().Dispose();
        return ranges;
    }

    private static byte[] WithSmtpLines(byte[] mail)
    {
        string text = Encoding.Latin1.GetString(mail).Replace("\r\n", "\n", StringComparison.Ordinal).Replace("\n", "\r\n", StringComparison.Ordinal);
        return Encoding.Latin1.GetBytes(text.EndsWith("\r\n", StringComparison.Ordinal) ? text : $"{text}\r\n");
    }
}
