using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Puppets;

/// <summary>
/// How a local part stands for a whole address (email mapping §1): <c>bob@mail.example</c> is <c>bob_at_mail.example</c>. Every octet of the local part outside of <c>[a-z0-9.-]</c> is an
/// underscore and two hex digits, so <c>_at_</c> is no escape, and the domain, which has no underscore, begins after the only one. Each address has one such form, and nothing else is read as
/// one. Pure; strangers may write anything here.
/// </summary>
internal static class PuppetAddress
{
    private const string Separator = "_at_";
    private const char Escape = '_';
    private const string HexDigits = "0123456789abcdef";

    /// <summary>The local part that stands for an address.</summary>
    public static string Encode(Address address)
    {
        var text = new StringBuilder();
        foreach (byte octet in Encoding.UTF8.GetBytes(address.Local))
        {
            if (IsPlain((char)octet)) text.Append((char)octet);
            else text.Append(CultureInfo.InvariantCulture, $"{Escape}{octet:x2}");
        }

        return text.Append(Separator).Append(address.Domain).ToString();
    }

    /// <summary>The address that a local part stands for; false where it stands for none.</summary>
    public static bool TryDecode(string local, [NotNullWhen(true)] out Address? address)
    {
        address = null;
        int at = local.LastIndexOf(Separator, StringComparison.Ordinal);
        if (at <= 0 || !TryUnescape(local.AsSpan(0, at), out string? meant)) return false;
        // What reads the same but is written another way (an escape that need not be, a letter in another case) would make two puppets of one person.
        if (!Address.TryParse($"{meant}@{local[(at + Separator.Length)..]}", out var found) || Encode(found) != local) return false;
        address = found;
        return true;
    }

    private static bool TryUnescape(ReadOnlySpan<char> text, [NotNullWhen(true)] out string? meant)
    {
        meant = null;
        var octets = new List<byte>(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (IsPlain(text[i]))
            {
                octets.Add((byte)text[i]);
                continue;
            }

            if (text[i] != Escape || i + 2 >= text.Length) return false;
            int high = HexDigits.IndexOf(text[i + 1], StringComparison.Ordinal), low = HexDigits.IndexOf(text[i + 2], StringComparison.Ordinal);
            if (high < 0 || low < 0) return false;
            octets.Add((byte)((high << 4) | low));
            i += 2;
        }

        byte[] bytes = [.. octets];
        if (!Utf8.IsValid(bytes)) return false;
        meant = Encoding.UTF8.GetString(bytes);
        return true;
    }

    private static bool IsPlain(char c) => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '-';
}
