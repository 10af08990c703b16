using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Smxp.Mail.Smtp.Notifications;

/// <summary>The encoding of parameter values: printable ASCII as it is, anything else as <c>+</c> and two hex digits (RFC 3461 §4). Pure.</summary>
internal static class Xtext
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>Decodes; false for what is not xtext. Letters beyond ASCII are taken only where <paramref name="international"/> says so (RFC 6533 §3).</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, bool international, [NotNullWhen(true)] out string? decoded)
    {
        decoded = null;
        var bytes = new byte[StrictUtf8.GetMaxByteCount(text.Length)];
        int length = 0;
        try
        {
            for (int i = 0; i < text.Length; i++)
            {
                switch (text[i])
                {
                    case '+' when i + 2 < text.Length && Hex(text[i + 1]) is >= 0 and var high && Hex(text[i + 2]) is >= 0 and var low:
                        bytes[length++] = (byte)((high << 4) | low);
                        i += 2;
                        break;
                    case '+' or '=' or <= ' ' or '\x7f':
                        return false;
                    case <= '~':
                        bytes[length++] = (byte)text[i];
                        break;
                    default:
                        if (!international) return false;
                        int pair = char.IsHighSurrogate(text[i]) && i + 1 < text.Length ? 2 : 1;
                        length += StrictUtf8.GetBytes(text.Slice(i, pair), bytes.AsSpan(length));
                        i += pair - 1;
                        break;
                }
            }

            decoded = StrictUtf8.GetString(bytes, 0, length);
            return true;
        }
        catch (Exception exception) when (exception is DecoderFallbackException or EncoderFallbackException)
        {
            return false;
        }
    }

    // RFC 3461 §4: upper-case digits alone.
    private static int Hex(char c) => c switch
    {
        >= '0' and <= '9' => c - '0',
        >= 'A' and <= 'F' => c - 'A' + 10,
        _ => -1,
    };
}
