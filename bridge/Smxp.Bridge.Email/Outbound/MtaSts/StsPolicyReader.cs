using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Smxp.Bridge.Email.Outbound.MtaSts;

/// <summary>Reads a policy file (RFC 8461 §3.2): lines of a key, a colon and a value. Strict: a policy that is half understood would protect half. Pure.</summary>
internal static class StsPolicyReader
{
    private const int MostServers = 200;
    private const long LongestAge = 31_557_600;

    public static bool TryRead(string text, [NotNullWhen(true)] out StsPolicy? policy, [NotNullWhen(false)] out string? problem)
    {
        policy = null;
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        List<string> servers = [];
        foreach (string line in Lines(text))
        {
            if (!TrySplit(line, out string key, out string value))
            {
                problem = "a line is not a key and a value";
                return false;
            }

            if (key == "mx") servers.Add(value.ToLowerInvariant());
            // RFC 8461 §3.2: of a field that comes twice the first counts; unknown ones are passed over.
            else values.TryAdd(key, value);
        }

        problem = Check(values, servers, out var mode, out long maxAge);
        if (problem is null) policy = new StsPolicy(mode, servers, TimeSpan.FromSeconds(maxAge));
        return policy is not null;
    }

    // CRLF or LF ends a line; only the last may be without.
    private static IEnumerable<string> Lines(string text)
    {
        string[] lines = text.Split('\n');
        return lines.Select(static line => line.EndsWith('\r') ? line[..^1] : line).Take(lines[^1].Length == 0 ? lines.Length - 1 : lines.Length);
    }

    private static bool TrySplit(string line, out string key, out string value)
    {
        int colon = line.IndexOf(':', StringComparison.Ordinal);
        (key, value) = colon > 0 ? (line[..colon], line[(colon + 1)..].Trim(' ', '\t')) : ("", "");
        return key.Length is > 0 and <= 32 && char.IsAsciiLetterOrDigit(key[0]) && key.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.') && value.Length > 0 && !value.Any(char.IsControl);
    }

    private static string? Check(Dictionary<string, string> values, List<string> servers, out StsMode mode, out long maxAge)
    {
        (mode, maxAge) = (StsMode.None, 0);
        if (values.GetValueOrDefault("version") != "STSv1") return "its version is not STSv1";
        switch (values.GetValueOrDefault("mode"))
        {
            case "enforce":
                mode = StsMode.Enforce;
                break;
            case "testing":
                mode = StsMode.Testing;
                break;
            case "none":
                break;
            default:
                return "its mode is none of enforce, testing, none";
        }

        if (values.GetValueOrDefault("max_age") is not { Length: <= 10 } age || !long.TryParse(age, NumberStyles.None, CultureInfo.InvariantCulture, out maxAge) || maxAge > LongestAge) return "its max_age is no number of seconds up to a year";
        if (mode != StsMode.None && servers.Count == 0) return "it names no mx";
        if (servers.Count > MostServers) return $"it names more than {MostServers} mx";
        return servers.Find(static server => !IsName(server.StartsWith("*.", StringComparison.Ordinal) ? server[2..] : server)) is { } wrong ? $"'{wrong}' is no mx pattern" : null;
    }

    private static bool IsName(string name) => name.Length <= 253 && name.Split('.').All(static label => label.Length is > 0 and <= 63 && label.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'));
}
