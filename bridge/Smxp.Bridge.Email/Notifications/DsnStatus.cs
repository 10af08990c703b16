using System.Text.RegularExpressions;

namespace Smxp.Bridge.Email.Notifications;

/// <summary>Finds the status code (RFC 3463) in the words of a failure.</summary>
internal static partial class DsnStatus
{
    /// <summary>The enhanced code that the words hold, or one that fits; and whether they are a server's reply.</summary>
    public static (string Status, bool IsReply) Of(string? words, bool isPermanent)
    {
        string wanted = isPermanent ? "5" : "4";
        var reply = Reply().Match(words ?? "");
        if (!reply.Success) return (Own().Match(words ?? "") is { Success: true } own && isPermanent ? own.Groups["enhanced"].Value : $"{wanted}.0.0", false);
        string enhanced = reply.Groups["enhanced"].Value;
        // RFC 3464 §2.3.4: the class of the code fits the action; a queue that gave up after 4yz answers has failed.
        return (enhanced.Length > 0 ? $"{wanted}{enhanced[1..]}" : $"{wanted}.0.0", true);
    }

    [GeneratedRegex(@"answered: (?<code>[245]\d\d)( (?<enhanced>[245]\.\d{1,3}\.\d{1,3})\b)?", RegexOptions.CultureInvariant)]
    private static partial Regex Reply();

    // What this server found out by itself.
    [GeneratedRegex(@"\((?<enhanced>5\.\d{1,3}\.\d{1,3})\)$", RegexOptions.CultureInvariant)]
    private static partial Regex Own();
}
