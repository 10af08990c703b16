using MimeKit;
using MimeKit.Utils;

namespace Smxp.Bridge.Email.Threads;

/// <summary>What a mail says of its ancestors (RFC 5322 §3.6.4), Message-IDs without brackets.</summary>
/// <param name="InReplyTo">In-Reply-To, in order.</param>
/// <param name="References">References, oldest first.</param>
internal sealed record ThreadReferences(IReadOnlyList<string> InReplyTo, IReadOnlyList<string> References)
{
    private const int MaxInReplyTo = 5;
    private const int MaxReferences = 100;

    public bool IsEmpty => InReplyTo.Count == 0 && References.Count == 0;

    /// <summary>The oldest ancestor it names: the first in References, else In-Reply-To; null for the first mail of a thread.</summary>
    public string? Root => References is [var first, ..] ? first : InReplyTo is [var answered, ..] ? answered : null;

    /// <summary>The header field that names an ancestor: the one that says which mail is answered, or else the one that lists them all.</summary>
    public string FieldOf(string ancestor) => InReplyTo.Contains(ancestor, StringComparer.Ordinal) ? "In-Reply-To" : "References";

    /// <summary>Its ancestors, newest first: the one answered, then References backwards.</summary>
    public IEnumerable<string> NewestFirst => InReplyTo.Concat(References.Reverse()).Distinct(StringComparer.Ordinal);

    /// <summary>Its ancestors, oldest first, for the References of an answer to it.</summary>
    public IReadOnlyList<string> Ancestors => References.Count > 0 ? References : InReplyTo;

    public static ThreadReferences Read(MimeMessage message) =>
        new(Read(message.Headers[HeaderId.InReplyTo], MaxInReplyTo), Read(message.Headers[HeaderId.References], MaxReferences));

    private static IReadOnlyList<string> Read(string? text, int max)
    {
        if (text is null) return [];
        var ids = MimeUtils.EnumerateReferences(text).Select(MessageIds.Normalize).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        // RFC 5322 §3.6.4 leaves the length open. The first is the root, and the last are the nearest.
        return ids.Count <= max ? ids : [ids[0], .. ids[^(max - 1)..]];
    }
}
