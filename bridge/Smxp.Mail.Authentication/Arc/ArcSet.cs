using System.Globalization;
using Smxp.Mail.Authentication.Dkim;
using Smxp.Mail.Authentication.Messages;
using Smxp.Mail.Authentication.Results;

namespace Smxp.Mail.Authentication.Arc;

/// <summary>The three fields one hop added (RFC 8617 §4.2).</summary>
internal sealed record ArcSet(int Number, RawHeader Results, DkimSignature MessageSignature, ArcSeal Seal)
{
    // RFC 8617 §5.2.
    private const int MaxInstances = 50;

    /// <summary>Reads the sets of a message, oldest first; a fault where they are no chain.</summary>
    public static IReadOnlyList<ArcSet> Read(RawMessage message, DateTimeOffset now, out string? fault)
    {
        fault = null;
        var results = message.Headers.Where(static header => header.Is("ARC-Authentication-Results")).ToArray();
        var signatures = message.Headers.Where(static header => header.Is("ARC-Message-Signature")).ToArray();
        var seals = message.Headers.Where(static header => header.Is("ARC-Seal")).ToArray();
        int count = Math.Max(results.Length, Math.Max(signatures.Length, seals.Length));
        if (count == 0) return [];

        var sets = new List<ArcSet>();
        if (count > MaxInstances) fault = $"more than {MaxInstances} hops";
        else if (results.Length != count || signatures.Length != count || seals.Length != count) fault = "a hop lacks a field";
        for (int number = 1; fault is null && number <= count; number++)
        {
            var set = TryRead(number, results, signatures, seals, now, out fault);
            if (set is not null) sets.Add(set);
        }

        return fault is null ? sets : [];
    }

    /// <summary>What the hop found; null where it cannot be read.</summary>
    public AuthenticationResults? Found()
    {
        string value = Results.Value;
        return AuthenticationResults.TryParse(value[(value.IndexOf(';', StringComparison.Ordinal) + 1)..], out var found) ? found : null;
    }

    private static ArcSet? TryRead(int number, RawHeader[] results, RawHeader[] signatures, RawHeader[] seals, DateTimeOffset now, out string? fault)
    {
        string text = number.ToString(CultureInfo.InvariantCulture);
        RawHeader[] found = [.. results.Where(field => ResultsInstance(field.Value) == text)];
        var signed = Numbered(signatures, text);
        var @sealed = Numbered(seals, text);
        fault = $"hop {number} does not have each field once";
        if (found.Length != 1 || signed.Length != 1 || @sealed.Length != 1) return null;

        var signature = DkimSignature.ReadArc(signed[0].Field, signed[0].Tags, now);
        var seal = ArcSeal.Read(@sealed[0].Field, @sealed[0].Tags);
        // RFC 8617 §5.2 step 3: the first seal vouches for nothing before it, each later one for all before it.
        fault = signature.SignedNames.Contains("arc-seal", StringComparer.OrdinalIgnoreCase) ? $"signature {number} covers a seal"
            : seal.Fault is not null ? $"seal {number}: {seal.Fault}"
            : seal.ChainValidation != (number == 1 ? "none" : "pass") ? $"seal {number} says cv={seal.ChainValidation}"
            : null;
        return fault is null ? new ArcSet(number, found[0], signature, seal) : null;
    }

    private static (RawHeader Field, TagList Tags)[] Numbered(RawHeader[] fields, string number) =>
        [.. fields.Select(static field => (Field: field, Tags: TagList.TryParse(field.Value, out var tags) ? tags : null)).Where(field => field.Tags?.Compact("i") == number).Select(static field => (field.Field, field.Tags!))];

    // "i=1;" and then what Authentication-Results has.
    private static string? ResultsInstance(string value)
    {
        int end = value.IndexOf(';', StringComparison.Ordinal);
        return end > 0 && TagList.TryParse(value[..end], out var tags) ? tags.Compact("i") : null;
    }
}
