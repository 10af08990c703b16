namespace Smxp.Bridge.Email.Mapping.Reports;

/// <summary>What a bounce says.</summary>
/// <param name="EnvelopeId">What the mail was called when it was handed over (RFC 3461 §4.4); null where it does not say.</param>
/// <param name="OriginalMessageId">The Message-ID of the mail that it brings back; null where it brings none.</param>
/// <param name="Recipients">What became of it, for each recipient spoken of.</param>
internal sealed record BounceReport(string? EnvelopeId, string? OriginalMessageId, IReadOnlyList<RecipientReport> Recipients);

/// <summary>What became of a mail for one recipient.</summary>
/// <param name="Original">Whom its sender meant; null where it does not say.</param>
/// <param name="Final">Whom the last server knew.</param>
/// <param name="Fate">What became of it.</param>
/// <param name="Words">Why, in the other side's words, on one line.</param>
internal sealed record RecipientReport(string? Original, string? Final, Fate Fate, string Words);

/// <summary>What became of a mail (RFC 3464 §2.3.3).</summary>
internal enum Fate
{
    /// <summary>It arrived, or went on to where no more is heard of it.</summary>
    Delivered,

    /// <summary>Not yet.</summary>
    Delayed,

    /// <summary>It never will.</summary>
    Failed,
}
