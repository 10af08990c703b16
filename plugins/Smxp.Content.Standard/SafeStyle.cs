using System.Text.RegularExpressions;

namespace Smxp.Content.Standard;

/// <summary>Which style declarations may stay: looks, but nothing that loads, moves out of the message's box, or covers what is not its own.</summary>
internal static partial class SafeStyle
{
    private const int MaxLength = 4096;

    private static readonly HashSet<string> Properties = new(StringComparer.OrdinalIgnoreCase)
    {
        "background-color", "border", "border-bottom", "border-collapse", "border-color", "border-left", "border-radius", "border-right", "border-spacing",
        "border-style", "border-top", "border-width", "color", "direction", "font", "font-family", "font-size", "font-style", "font-variant", "font-weight",
        "height", "letter-spacing", "line-height", "list-style-type", "margin", "margin-bottom", "margin-left", "margin-right", "margin-top", "max-height",
        "max-width", "min-width", "padding", "padding-bottom", "padding-left", "padding-right", "padding-top", "table-layout", "text-align",
        "text-decoration", "text-indent", "text-transform", "vertical-align", "white-space", "width", "word-break", "word-wrap",
    };

    /// <summary>The declarations that may stay.</summary>
    public static string Filter(string style)
    {
        if (style.Length > MaxLength) return "";
        var kept = new List<string>();
        foreach (string declaration in style.Split(';'))
        {
            int colon = declaration.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0) continue;
            string property = declaration[..colon].Trim(), value = declaration[(colon + 1)..].Trim();
            if (Properties.Contains(property) && Value().IsMatch(value)) kept.Add($"{property.ToLowerInvariant()}: {value}");
        }

        return string.Join("; ", kept);
    }

    /// <summary>Words, quoted names, sizes that are not negative, and colours; no escapes, no comments, no other function.</summary>
    [GeneratedRegex("""^(?:(?:#[0-9a-f]{3,8}|(?:rgb|hsl)a?\([0-9 .,%]+\)|[a-z][a-z-]*|\.?[0-9][0-9.]*(?:[a-z]+|%)?|'[a-z0-9 -]*'|"[a-z0-9 -]*"|!important)[ ,/]*)+$""",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Value();
}
