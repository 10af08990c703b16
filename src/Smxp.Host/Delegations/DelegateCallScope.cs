using System.Diagnostics.CodeAnalysis;

namespace Smxp.Host.Delegations;

/// <summary>Which requests a delegate's server may have run as the owner, and with which scope (SMXP §6). What is not listed here does not exist.</summary>
internal static class DelegateCallScope
{
    private const string Prefix = "/.smxp/mail/";
    private const int LongestPath = 2048;

    // {} stands for one segment.
    private static readonly string[] Reads =
        ["inbox", "sent", "unread", "conversations", "search", "messages/{}", "messages/{}/render", "threads/{}"];

    private static readonly string[] Writes =
        ["send", "messages/{}/edit", "messages/{}/delete", "messages/{}/read", "conversations/{}/read", "conversations/{}/ack"];

    /// <summary>The scope that a request needs, and its decoded path; false where no scope allows it.</summary>
    public static bool TryResolve(string method, string path, out PathString resolved, [NotNullWhen(true)] out string? scope)
    {
        resolved = default;
        scope = method switch { "GET" => DelegationScope.Read, "POST" => DelegationScope.Manage, _ => null };
        if (scope is null || path.Length > LongestPath || !path.StartsWith(Prefix, StringComparison.Ordinal)) return false;
        string[] segments = path[Prefix.Length..].Split('/');
        for (int i = 0; i < segments.Length; i++)
        {
            if (Decode(segments[i]) is not { } segment) return false;
            segments[i] = segment;
        }
        string[] templates = method == "GET" ? Reads : Writes;
        if (!templates.Any(template => Matches(template.Split('/'), segments))) return false;
        resolved = new PathString(Prefix + string.Join('/', segments));
        return true;
    }

    // Decoded once, here, and never again: a segment that then still holds a separator, a dot segment, an escape or a control is a trick.
    private static string? Decode(string segment)
    {
        string decoded = Uri.UnescapeDataString(segment);
        bool isPlain = decoded.Length > 0 && decoded is not ("." or "..") && !decoded.Any(c => c is '/' or '\\' or '%' or '?' or '#' or '\ufffd' || char.IsControl(c));
        return isPlain ? decoded : null;
    }

    private static bool Matches(string[] template, string[] segments) =>
        template.Length == segments.Length && template.Zip(segments).All(pair => pair.First == "{}" || pair.First == pair.Second);
}
