using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Smxp.Protocol;

/// <summary>An SMXP address, <c>local@domain</c>, both parts trimmed and lower-cased (SMXP §1).</summary>
/// <remarks>
/// The domain is in A-label form. The local part of an address on this server is an <em>alias</em> (<see cref="IsAlias"/>);
/// a correspondent's may be any non-empty text without <c>@</c> and control characters.
/// </remarks>
public sealed record Address : IParsable<Address>
{
    private static readonly SearchValues<char> UsualLocal = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789._+-");
    private static readonly SearchValues<char> UsualDomain = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789.-");

    private Address(string local, string domain) => (Local, Domain) = (local, domain);

    /// <summary>The part before the <c>@</c>, lower-case.</summary>
    public string Local { get; }

    /// <summary>The domain, lower-case, A-labels.</summary>
    public string Domain { get; }

    /// <summary>Reads <c>local@domain</c>; U-labels in the domain become A-labels.</summary>
    /// <exception cref="FormatException">The text is not an address.</exception>
    public static Address Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, out var address) ? address : throw new FormatException($"'{s}' is not an address of the form local@domain.");

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out Address result) =>
        TryParse(s, out result);

    /// <summary>Reads <c>local@domain</c>, or answers false where the text is not an address.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [MaybeNullWhen(false)] out Address address)
    {
        address = null;
        if (text is null) return false;
        int at = text.LastIndexOf('@');
        if (at < 0) return false;
        string local = text[..at].Trim().ToLowerInvariant();
        if (local.Length == 0 || local.Contains('@') || !IsPrintable(local)) return false;
        if (!DomainName.TryNormalize(text[(at + 1)..], out string? domain)) return false;
        address = new Address(local, domain);
        return true;
    }

    /// <summary>What <see cref="TryParse(string?, out Address)"/> would answer, without making anything of the usual text.</summary>
    internal static bool IsValid(string text)
    {
        int at = text.IndexOf('@', StringComparison.Ordinal);
        bool isUsual = at > 0 && at < text.Length - 1 && text.Length - at <= 254 && text[at + 1] != '.' && text[^1] != '.'
            && !text.AsSpan(0, at).ContainsAnyExcept(UsualLocal) && !text.AsSpan(at + 1).ContainsAnyExcept(UsualDomain);
        return isUsual || TryParse(text, out _);
    }

    /// <summary>Whether the text may be the local part of an inbox: <c>[a-z0-9._+-]+</c>.</summary>
    public static bool IsAlias([NotNullWhen(true)] string? text) =>
        !string.IsNullOrEmpty(text) && text.All(static c => IsAliasCharacter(c));

    /// <summary>Whether the text may be the local part of a route: an alias in which <c>*</c> stands for any run of characters.</summary>
    public static bool IsPattern([NotNullWhen(true)] string? text) =>
        !string.IsNullOrEmpty(text) && text.All(static c => c == '*' || IsAliasCharacter(c));

    /// <summary><c>local@domain</c>.</summary>
    public override string ToString() => $"{Local}@{Domain}";

    /// <summary>Control characters would end lines in mail and in event streams; an unpaired surrogate is no character at all.</summary>
    private static bool IsPrintable(string local)
    {
        foreach (var rune in local.EnumerateRunes())
        {
            if (Rune.IsControl(rune) || rune == Rune.ReplacementChar) return false;
        }

        return true;
    }

    private static bool IsAliasCharacter(char c) => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '_' or '+' or '-';
}
