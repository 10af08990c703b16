using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Smxp.Protocol;

/// <summary>The TXT record at <c>_smxp-policy.&lt;domain&gt;</c>: <c>require-sig=yes; max-size=25m; accept-from=*</c> (SMXP §7).</summary>
/// <param name="RequireSignature">Whether unsigned envelopes are refused.</param>
/// <param name="MaxSize">The largest envelope accepted, in bytes.</param>
/// <param name="AcceptFrom">Which senders are accepted; <c>*</c> for all.</param>
public sealed record PolicyRecord(bool RequireSignature, long MaxSize, string AcceptFrom)
{
    private static readonly string[] Names = ["require-sig", "max-size", "accept-from"];

    /// <summary>What holds where a domain says nothing.</summary>
    public static PolicyRecord Default { get; } = new(true, 25 * 1024 * 1024, "*");

    /// <summary>Where a domain's policy stands.</summary>
    public static string NameFor(string domain) => $"_smxp-policy.{domain}";

    /// <summary>Reads a TXT record's text; members it leaves out have their defaults.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out PolicyRecord? record)
    {
        record = null;
        if (TagList.Parse(text) is not { } tags || !Names.Any(tags.ContainsKey)) return false;
        bool requireSignature = Default.RequireSignature;
        if (tags.TryGetValue("require-sig", out string? require))
        {
            if (require is not ("yes" or "no")) return false;
            requireSignature = require == "yes";
        }

        long maxSize = Default.MaxSize;
        if (tags.TryGetValue("max-size", out string? size) && !TryParseSize(size, out maxSize)) return false;
        string acceptFrom = tags.GetValueOrDefault("accept-from", Default.AcceptFrom);
        if (acceptFrom.Length == 0) return false;
        record = new PolicyRecord(requireSignature, maxSize, acceptFrom);
        return true;
    }

    /// <summary>Bytes, or with <c>k</c>, <c>m</c> or <c>g</c> behind them that many times 1024 of them.</summary>
    private static bool TryParseSize(string text, out long size)
    {
        size = 0;
        if (text.Length == 0) return false;
        int shift = char.ToLowerInvariant(text[^1]) switch { 'k' => 10, 'm' => 20, 'g' => 30, _ => 0 };
        var digits = shift > 0 ? text.AsSpan(0, text.Length - 1) : text;
        if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long number) || number > long.MaxValue >> shift) return false;
        size = number << shift;
        return true;
    }
}
