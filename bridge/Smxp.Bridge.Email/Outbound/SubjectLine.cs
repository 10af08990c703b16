using Smxp.Bridge.Email.Mapping;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Outbound;

/// <summary>The Subject of an outgoing mail (email mapping §4, §6).</summary>
internal static class SubjectLine
{
    private const int MaxLength = 2000;
    private const string Reply = "Re: ";

    public static string Of(Envelope envelope, string? answered)
    {
        string? own = DisplayText.Line(envelope.Subject, MaxLength);
        if (envelope.Type == EnvelopeType.Edit) return $"{AsReply(own ?? answered)} (edited)";
        if (envelope.Type == EnvelopeType.Delete) return AsReply(own ?? answered);
        return own ?? (answered is null ? "" : AsReply(answered));
    }

    private static string AsReply(string? subject) =>
        DisplayText.Line(subject, MaxLength) is not { } line ? Reply.TrimEnd() : line.StartsWith(Reply, StringComparison.OrdinalIgnoreCase) ? line : Reply + line;
}
