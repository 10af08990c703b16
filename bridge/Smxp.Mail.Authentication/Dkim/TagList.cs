using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Smxp.Mail.Authentication.Dkim;

/// <summary>A list of <c>tag=value</c> with semicolons between (RFC 6376 §3.2): the form of signatures, keys, DMARC policies and ARC fields. Pure.</summary>
internal sealed class TagList
{
    private readonly Dictionary<string, string> _tags = new(StringComparer.Ordinal);

    private TagList()
    {
    }

    /// <summary>The name of the first tag, which some records fix.</summary>
    public string? First { get; private set; }

    /// <summary>A tag's value, white space around it cut off; null where there is none.</summary>
    public string? this[string tag] => _tags.GetValueOrDefault(tag);

    /// <summary>Reads a list; false where a tag has no name or comes twice.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out TagList? tags)
    {
        tags = new TagList();
        string[] specs = text.Split(';');
        for (int i = 0; i < specs.Length; i++)
        {
            string spec = specs[i].Trim(' ', '\t', '\r', '\n');
            // Only the last may be empty: the list may end in a semicolon.
            if (spec.Length == 0 && i == specs.Length - 1 && i > 0) break;
            int equals = spec.IndexOf('=', StringComparison.Ordinal);
            string name = equals < 0 ? "" : spec[..equals].TrimEnd(' ', '\t', '\r', '\n');
            if (!IsName(name) || !tags._tags.TryAdd(name, spec[(equals + 1)..].TrimStart(' ', '\t', '\r', '\n')))
            {
                tags = null;
                return false;
            }

            tags.First ??= name;
        }

        return tags.First is not null;
    }

    /// <summary>A value with all white space taken out, as base64 and lists may be folded anywhere.</summary>
    public string? Compact(string tag) => _tags.TryGetValue(tag, out string? value) ? string.Concat(value.Where(static c => c is not (' ' or '\t' or '\r' or '\n'))) : null;

    /// <summary>A value that is a list with colons between.</summary>
    public string[]? List(string tag) => Compact(tag)?.Split(':');

    /// <summary>A value in base64; null where it is missing or none.</summary>
    public byte[]? Base64(string tag)
    {
        if (Compact(tag) is not { } text) return null;
        byte[] bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out int length) ? bytes[..length] : null;
    }

    /// <summary>A value that is a plain decimal; false where it is present and none.</summary>
    public bool TryNumber(string tag, out long? number)
    {
        number = null;
        if (!_tags.TryGetValue(tag, out string? text)) return true;
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value)) return false;
        number = value;
        return true;
    }

    private static bool IsName(string name)
    {
        if (name.Length == 0 || !char.IsAsciiLetter(name[0])) return false;
        foreach (char c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '_') return false;
        }

        return true;
    }
}
