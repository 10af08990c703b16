using System.Diagnostics.CodeAnalysis;

namespace Smxp.Plugins.Storage;

/// <summary>What was found out about a mail's origin, in the words of RFC 8601 §2.7: what a list of messages shows. The whole of it a bridge keeps beside the message.</summary>
/// <param name="Spf">Whether its client may send for the return path: <c>pass</c>, <c>fail</c>, <c>softfail</c>, <c>neutral</c>, <c>none</c>, <c>temperror</c>, <c>permerror</c>.</param>
/// <param name="Dkim">The best of its signatures: <c>pass</c>, <c>fail</c>, <c>policy</c>, <c>neutral</c>, <c>none</c>, <c>temperror</c>, <c>permerror</c>.</param>
/// <param name="Dmarc">Whether the author's domain vouches for it: <c>pass</c>, <c>fail</c>, <c>none</c>, <c>temperror</c>, <c>permerror</c>.</param>
/// <param name="Arc">The chain of its forwarders: <c>pass</c>, <c>fail</c>, <c>none</c>.</param>
/// <param name="Policy">How to treat it: <c>none</c> as any mail, <c>quarantine</c> with suspicion.</param>
public sealed record AuthenticationSummary(string Spf, string Dkim, string Dmarc, string Arc, string Policy)
{
    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out AuthenticationSummary? summary)
    {
        summary = text?.Split(' ') is [var spf, var dkim, var dmarc, var arc, var policy] ? new AuthenticationSummary(spf, dkim, dmarc, arc, policy) : null;
        return summary is not null;
    }

    /// <summary>The five words in their order, a space between them: the form in which it is stored.</summary>
    public override string ToString() => $"{Spf} {Dkim} {Dmarc} {Arc} {Policy}";
}
