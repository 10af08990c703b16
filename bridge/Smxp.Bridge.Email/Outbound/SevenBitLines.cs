using Smxp.Bridge.Email.Inbound;

namespace Smxp.Bridge.Email.Outbound;

/// <summary>Whether a mail is made of what every server takes (RFC 2045 §2.7): lines of at most 998 characters, none of them beyond ASCII or NUL.</summary>
internal static class SevenBitLines
{
    private const int LongestLine = 998;

    public static async Task<bool> AreAllAsync(MessageSpool mail, CancellationToken cancellationToken)
    {
        await using var stream = mail.OpenRead();
        byte[] buffer = new byte[65536];
        int line = 0;
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (!AreAll(buffer.AsSpan(0, read), ref line)) return false;
        }

        return true;
    }

    private static bool AreAll(ReadOnlySpan<byte> piece, ref int line)
    {
        foreach (byte octet in piece)
        {
            if (octet is 0 or > 127) return false;
            line = octet is (byte)'\r' or (byte)'\n' ? 0 : line + 1;
            if (line > LongestLine) return false;
        }

        return true;
    }
}
