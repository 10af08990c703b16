using Smxp.Bridge.Email.Ledger;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Threads;

/// <summary>Message-IDs: those of others, opaque; and ours, which say which message they are (email mapping §3).</summary>
internal static class MessageIds
{
    // RFC 5322 §2.1.1: no line is longer.
    private const int MaxLength = 998;
    private const int ContentIdLength = 43;

    /// <summary>Without brackets and blanks; null where nothing usable is left.</summary>
    public static string? Normalize(string? messageId)
    {
        if (messageId is null) return null;
        string id = messageId.Trim().TrimStart('<').TrimEnd('>');
        return id.Length is 0 or > MaxLength || id.Any(static c => char.IsControl(c) || c is ' ' or '<' or '>') ? null : id;
    }

    /// <summary>The Message-ID of a message born on SMXP; where it left with a group, that of the group's first.</summary>
    public static string Of(Envelope envelope, GroupMail? group = null) => $"{group?.Members[0].MessageId ?? envelope.Id}@{(Address.TryParse(envelope.From, out var from) ? from.Domain : "invalid")}";

    /// <summary>The id of the message that a Message-ID of ours names; null for every other. Whether there is such a message, the mailbox knows.</summary>
    public static string? MessageOf(string messageId)
    {
        if (messageId.Length <= ContentIdLength || messageId[ContentIdLength] != '@') return null;
        string id = messageId[..ContentIdLength];
        return id.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') ? id : null;
    }
}
