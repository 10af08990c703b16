using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Smxp.Mail.Authentication.Dns;

/// <summary>Domain names as DNS compares them: lower case, A-labels, no trailing dot.</summary>
internal static class DomainName
{
    private const int MaxLabel = 63;
    private const int MaxName = 253;

    private static readonly IdnMapping Idn = new() { AllowUnassigned = true };

    /// <summary>A name in the one form that can be compared and asked for; false where it is none.</summary>
    public static bool TryNormalize(string text, [NotNullWhen(true)] out string? name)
    {
        name = text.EndsWith('.') ? text[..^1] : text;
        if (!Ascii.IsValid(name) && !TryToAscii(name, out name)) return false;
        name = name.ToLowerInvariant();
        return IsAskable(name);
    }

    /// <summary>Whether every label and the whole fit into a question.</summary>
    public static bool IsAskable(ReadOnlySpan<char> name)
    {
        if (name.IsEmpty || name.Length > MaxName) return false;
        foreach (var range in name.Split('.'))
        {
            if (name[range].Length is 0 or > MaxLabel) return false;
        }

        return !name.ContainsAnyInRange('\0', ' ') && !name.Contains('\x7f');
    }

    /// <summary>Whether <paramref name="name"/> is <paramref name="parent"/> or lies below it.</summary>
    public static bool IsWithin(ReadOnlySpan<char> name, ReadOnlySpan<char> parent) =>
        name.EndsWith(parent, StringComparison.OrdinalIgnoreCase) && (name.Length == parent.Length || name[name.Length - parent.Length - 1] == '.');

    public static bool Same(string? left, string? right) => string.Equals(left?.TrimEnd('.'), right?.TrimEnd('.'), StringComparison.OrdinalIgnoreCase);

    private static bool TryToAscii(string text, [NotNullWhen(true)] out string? ascii)
    {
        try
        {
            ascii = Idn.GetAscii(text.ToLowerInvariant());
            return true;
        }
        catch (ArgumentException)
        {
            ascii = null;
            return false;
        }
    }
}
