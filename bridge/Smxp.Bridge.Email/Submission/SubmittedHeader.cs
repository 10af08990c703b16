using System.Text;
using Smxp.Bridge.Email.Inbound;

namespace Smxp.Bridge.Email.Submission;

/// <summary>
/// Makes a mail program's header fit to leave (RFC 6409 §8): what must not leave is taken out, what is missing put in. Field by field, on the bytes: everything else stays as it was written,
/// so that signatures of the mail program's still verify.
/// </summary>
internal static class SubmittedHeader
{
    private const int Piece = 16 * 1024;

    // RFC 5322 §3.6.3: who is in Bcc is nobody else's to know. RFC 5321 §4.4: Return-Path is the last server's to write.
    private static readonly string[] Private = ["Bcc", "Resent-Bcc", "Return-Path"];

    /// <summary>The mail, cleaned, in a spool of its own.</summary>
    /// <param name="mail">The mail as it came.</param>
    /// <param name="added">Fields to put in, by name; whatever bears the name already is taken out.</param>
    /// <param name="cancellationToken">Breaks off.</param>
    public static async Task<MessageSpool> CleanAsync(MessageSpool mail, IReadOnlyList<KeyValuePair<string, string>> added, CancellationToken cancellationToken)
    {
        var target = mail.NewBeside();
        try
        {
            await using var source = mail.OpenRead();
            var (header, beyond) = await ReadHeaderAsync(source, cancellationToken);
            await target.WriteAsync(Clean(header.Span, added), cancellationToken);
            await target.WriteAsync(beyond, cancellationToken);
            await using var writer = target.OpenWrite();
            await source.CopyToAsync(writer, cancellationToken);
            return target;
        }
        catch
        {
            await target.DisposeAsync();
            throw;
        }
    }

    /// <summary>A header, cleaned, with the line that ends it. Pure.</summary>
    /// <param name="header">Fields, without the line that ends them.</param>
    /// <param name="added">Fields to put in.</param>
    public static byte[] Clean(ReadOnlySpan<byte> header, IReadOnlyList<KeyValuePair<string, string>> added)
    {
        string[] removed = [.. Private, .. added.Select(static field => field.Key)];
        var kept = new MemoryStream(header.Length + 256);
        for (int start = 0; start < header.Length;)
        {
            int end = EndOfField(header, start);
            if (!IsNamed(header[start..end], removed)) kept.Write(header[start..end]);
            start = end;
        }

        if (kept.Length > 0 && kept.GetBuffer()[kept.Length - 1] != (byte)'\n') kept.Write("\r\n"u8);
        foreach (var (name, value) in added) kept.Write(Encoding.UTF8.GetBytes($"{name}: {value}\r\n"));
        kept.Write("\r\n"u8);
        return kept.ToArray();
    }

    // The header, and what was read beyond the line that ends it. The SMTP server lets no header through that is too long to hold.
    private static async Task<(ReadOnlyMemory<byte> Header, ReadOnlyMemory<byte> Beyond)> ReadHeaderAsync(Stream source, CancellationToken cancellationToken)
    {
        var read = new MemoryStream();
        byte[] piece = new byte[Piece];
        int length;
        while ((length = await source.ReadAsync(piece, cancellationToken)) > 0)
        {
            int before = (int)Math.Max(0, read.Length - 3);
            read.Write(piece, 0, length);
            var bytes = read.GetBuffer().AsMemory(0, (int)read.Length);
            if (bytes.Span.StartsWith("\r\n"u8)) return (default, bytes[2..]);
            int end = bytes.Span[before..].IndexOf("\r\n\r\n"u8);
            if (end >= 0) return (bytes[..(before + end + 2)], bytes[(before + end + 4)..]);
        }

        return (read.ToArray(), default);
    }

    private static int EndOfField(ReadOnlySpan<byte> header, int start)
    {
        for (int end = start; ;)
        {
            int line = header[end..].IndexOf((byte)'\n');
            if (line < 0) return header.Length;
            end += line + 1;
            if (end == header.Length || header[end] is not ((byte)' ' or (byte)'\t')) return end;
        }
    }

    private static bool IsNamed(ReadOnlySpan<byte> field, string[] names)
    {
        int colon = field.IndexOf((byte)':');
        if (colon <= 0) return false;
        string name = Encoding.ASCII.GetString(field[..colon]).TrimEnd(' ', '\t');
        return names.Contains(name, StringComparer.OrdinalIgnoreCase);
    }
}
