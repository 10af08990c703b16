using System.Text;
using Smxp.Bridge.Email.Inbound;
using Smxp.Mail.Authentication.Results;

namespace Smxp.Bridge.Email.Ledger;

/// <summary>
/// Authentication-Results fields that came with a mail and claim to be ours (RFC 8601 §5): whoever reads the mail would believe them. They stay in what is kept and get another name,
/// of the same length, in what is served, so that sizes stay true.
/// </summary>
internal static class ClaimedResults
{
    // More than any mail from outside may have (the SMTP server refuses the rest), and than any reader looks at.
    private const int MaxHeader = 1024 * 1024;
    private const int Piece = 16 * 1024;

    private static readonly byte[] Ours = Encoding.ASCII.GetBytes(AuthenticationResults.HeaderName);
    private static readonly byte[] Theirs = "X-Foreign-Auth-Results"u8.ToArray();

    /// <summary>The mail with those fields renamed. The stream is the answer's from here on.</summary>
    public static async Task<Stream> RenameAsync(Stream mail, string hostName, CancellationToken cancellationToken)
    {
        var head = new MemoryStream();
        byte[] piece = new byte[Piece];
        int read, end = -1;
        while (end < 0 && head.Length < MaxHeader && (read = await mail.ReadAsync(piece, cancellationToken)) > 0)
        {
            int before = (int)Math.Max(0, head.Length - 3);
            head.Write(piece, 0, read);
            end = EndOfHeader(head.GetBuffer().AsSpan(0, (int)head.Length), before);
        }

        var bytes = head.GetBuffer().AsMemory(0, (int)head.Length);
        Rename(end < 0 ? bytes.Span : bytes.Span[..end], hostName);
        return new PrefixedStream(bytes, mail);
    }

    // A line end right behind a line end; imported mail may have LF alone.
    private static int EndOfHeader(ReadOnlySpan<byte> text, int from)
    {
        for (int at = from; (uint)at < text.Length; at++)
        {
            int next = text[at..].IndexOf((byte)'\n');
            if (next < 0) return -1;
            at += next;
            var rest = text[(at + 1)..];
            if (rest.StartsWith("\n"u8) || rest.StartsWith("\r\n"u8)) return at + 1;
        }

        return -1;
    }

    private static void Rename(Span<byte> header, string hostName)
    {
        for (int start = 0; start < header.Length;)
        {
            int end = EndOfField(header, start);
            var field = header[start..end];
            int colon = field.IndexOf((byte)':');
            bool isResults = colon >= Ours.Length && Ascii.EqualsIgnoreCase(field[..Ours.Length], Ours) && field[Ours.Length..colon].Trim(" \t"u8).IsEmpty;
            if (isResults && AuthenticationResults.Claims(Encoding.UTF8.GetString(field[(colon + 1)..]).Trim(), hostName)) Theirs.CopyTo(field);
            start = end;
        }
    }

    private static int EndOfField(ReadOnlySpan<byte> header, int start)
    {
        while (true)
        {
            int next = header[start..].IndexOf((byte)'\n');
            if (next < 0) return header.Length;
            start += next + 1;
            if (start == header.Length || header[start] is not ((byte)' ' or (byte)'\t')) return start;
        }
    }
}
