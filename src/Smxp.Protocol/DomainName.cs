using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Smxp.Protocol;

/// <summary>The rule for domain names in SMXP: <c>[a-z0-9.-]+</c>, no dot at either end, A-labels (SMXP §1).</summary>
public static class DomainName
{
    private static readonly IdnMapping Idn = new() { AllowUnassigned = false, UseStd3AsciiRules = true };

    /// <summary>Trims, lower-cases and converts U-labels; false where what is left is not a domain name.</summary>
    public static bool TryNormalize([NotNullWhen(true)] string? text, [NotNullWhen(true)] out string? domain)
    {
        domain = null;
        if (text is null) return false;
        string candidate = text.Trim().ToLowerInvariant();
        if (candidate.Length is 0 or > 253) return false;
        if (!candidate.All(char.IsAscii) && !TryToAscii(ref candidate)) return false;
        if (candidate[0] == '.' || candidate[^1] == '.') return false;
        if (!candidate.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '-')) return false;
        domain = candidate;
        return true;
    }

    private static bool TryToAscii(ref string candidate)
    {
        try
        {
            candidate = Idn.GetAscii(candidate).ToLowerInvariant();
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
