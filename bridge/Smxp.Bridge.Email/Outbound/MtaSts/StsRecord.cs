using System.Text.RegularExpressions;

namespace Smxp.Bridge.Email.Outbound.MtaSts;

/// <summary>The TXT record that says a domain has an MTA-STS policy, and which version of it (RFC 8461 §3.1). Pure.</summary>
internal static partial class StsRecord
{
    private const string Version = "v=STSv1";

    /// <summary>The policy's id; null where the records announce none, or more than one.</summary>
    public static string? FindId(IEnumerable<string> texts)
    {
        // RFC 8461 §3.1: what does not begin with the version is another's record. If not exactly one is left, there is no policy.
        var records = texts.Where(static text => text.StartsWith(Version, StringComparison.Ordinal)).Take(2).ToList();
        return records is [var record] && Form().Match(record) is { Success: true } match ? IdOf(match.Groups["field"].Captures.Select(static capture => capture.Value)) : null;
    }

    private static string? IdOf(IEnumerable<string> fields)
    {
        string? id = fields.FirstOrDefault(static field => field.StartsWith("id=", StringComparison.Ordinal))?[3..];
        return id is { Length: >= 1 and <= 32 } && id.All(char.IsAsciiLetterOrDigit) ? id : null;
    }

    // The grammar of §3.1: fields of a name and a value, divided by semicolons.
    [GeneratedRegex(@"^v=STSv1(?:[ \t]*;[ \t]*(?<field>[A-Za-z0-9][A-Za-z0-9_.-]{0,31}=[\x21-\x3A\x3C\x3E-\x7E]+))+(?:[ \t]*;[ \t]*)?$", RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
