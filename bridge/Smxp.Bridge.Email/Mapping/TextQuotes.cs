using System.Text.RegularExpressions;

namespace Smxp.Bridge.Email.Mapping;

/// <summary>
/// Cuts a trailing quote of the earlier thread from a plain text: an attribution and quoted lines to the end, or Outlook's block of header lines.
/// Where anything new follows a quote it is an interleaved answer, and nothing is touched.
/// </summary>
internal static partial class TextQuotes
{
    // An attribution may be wrapped: "On … at … bob <bob@…>\nwrote:".
    private const int MaxAttributionLines = 3;
    private const int MaxAttribution = 600;

    public static string Cut(string text)
    {
        string[] lines = text.Split('\n');
        int end = OutlookBlock(lines) ?? QuotedTail(lines) ?? lines.Length;
        if (end == lines.Length) return text;
        string kept = string.Join('\n', lines[..end]).TrimEnd();
        // A mail that is nothing but a quote says it on purpose.
        return kept.Length > 0 ? kept : text;
    }

    private static int? QuotedTail(string[] lines)
    {
        int i = lines.Length - 1;
        while (i >= 0 && (lines[i].Length == 0 || lines[i].StartsWith('>') || string.IsNullOrWhiteSpace(lines[i]))) i--;
        if (i < 0 || !lines.Skip(i + 1).Any(static line => line.StartsWith('>')) || !lines[i].TrimEnd().EndsWith(':')) return null;
        for (int first = i; first >= 0 && first > i - MaxAttributionLines; first--)
        {
            if (IsAttribution(string.Join(' ', lines[first..(i + 1)]))) return first;
        }

        return null;
    }

    private static int? OutlookBlock(string[] lines)
    {
        for (int i = 0; i < lines.Length; i++)
        {
            if (OutlookSeparator().IsMatch(lines[i]) && i + 1 < lines.Length && IsHeaderBlock(lines, i + 1)) return i;
            if (IsHeaderBlock(lines, i)) return i > 0 && lines[i - 1].TrimEnd() is { Length: > 5 } rule && rule.All(static c => c == '_') ? i - 1 : i;
        }

        return null;
    }

    private static bool IsHeaderBlock(string[] lines, int at) =>
        at + 2 < lines.Length && lines[at].StartsWith("From: ", StringComparison.Ordinal) && lines[at + 1].StartsWith("Sent: ", StringComparison.Ordinal)
        && lines[at + 2].StartsWith("To: ", StringComparison.Ordinal);

    // Names the author and a date: an address or a time must be in it, else any sentence with a colon before a quote would be one.
    private static bool IsAttribution(string line) => line.Length <= MaxAttribution && Opening().Match(line) is { Success: true } opening && DateOrAddress().IsMatch(line.AsSpan(opening.Length));

    [GeneratedRegex(@"^(On|Am|Le|El|Il|Op|Den|Em|W dniu|På|Dne|Vào|\d{4}[-/.年])", RegexOptions.CultureInvariant)]
    private static partial Regex Opening();

    [GeneratedRegex(@"\d{1,2}[:.h]\d{2}|\d{4}|@", RegexOptions.CultureInvariant)]
    private static partial Regex DateOrAddress();

    [GeneratedRegex(@"^-{2,}\s*(Original Message|Ursprüngliche Nachricht|Message d'origine|Mensaje original)\s*-{2,}\s*$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex OutlookSeparator();
}
