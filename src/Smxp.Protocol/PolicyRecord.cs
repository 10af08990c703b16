using System.Diagnostics.CodeAnalysis;

namespace Smxp.Protocol;

/// <summary>The TXT record at <c>_smxp-policy.&lt;domain&gt;</c>: <c>require-sig=yes; max-size=25m; accept-from=*</c> (SMXP §7).</summary>
/// <param name="RequireSignature">Whether unsigned envelopes are refused.</param>
/// <param name="MaxSize">The largest envelope accepted, in bytes.</param>
/// <param name="AcceptFrom">Which senders are accepted; <c>*</c> for all.</param>
public sealed record PolicyRecord(bool RequireSignature, long MaxSize, string AcceptFrom)
{
    /// <summary>What holds where a domain says nothing.</summary>
    public static PolicyRecord Default { get; } = new(true, 25 * 1024 * 1024, "*");

    /// <summary>Where a domain's policy stands.</summary>
    public static string NameFor(string domain) => $"_smxp-policy.{domain}";

    /// <summary>Reads a TXT record's text; members it leaves out have their defaults.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out PolicyRecord? record) => throw new NotImplementedException();
}
