using Smxp.Mail.Authentication.Arc;
using Smxp.Mail.Authentication.Dkim;
using Smxp.Mail.Authentication.Dmarc;
using Smxp.Mail.Authentication.Results;
using Smxp.Mail.Authentication.Spf;

namespace Smxp.Mail.Authentication;

/// <summary>All that was found out about a mail's origin.</summary>
/// <param name="Spf">Whether the client may send for the return path.</param>
/// <param name="Dkim">Each signature, from the top.</param>
/// <param name="Dmarc">Whether the author's domain vouches for it, and what it asks for where it does not.</param>
/// <param name="Arc">Who forwarded it, and what they found.</param>
/// <param name="Request">The mail.</param>
public sealed record MailAuthentication(SpfVerdict Spf, IReadOnlyList<DkimVerdict> Dkim, DmarcVerdict Dmarc, ArcVerdict Arc, AuthenticationRequest Request)
{
    /// <summary>The same as an Authentication-Results field (RFC 8601) of the server named.</summary>
    public AuthenticationResults ToResults(string authservId) => new(authservId, [SpfResult(), .. Dkim.Count == 0 ? [new MethodResult("dkim", "none", null, [])] : Dkim.Select(DkimResult), DmarcResult(), ArcResult()]);

    // RFC 8601 §2.7.2. The result says "fail" in one word, as RFC 7208 does.
    private MethodResult SpfResult() => new("spf", Spf.Result.ToString().ToLowerInvariant(), Spf.Reason, Spf.FromHelo ? [new("smtp", "helo", Request.Helo)] : [new("smtp", "mailfrom", Request.MailFrom)]);

    private static MethodResult DkimResult(DkimVerdict signature)
    {
        // A pass that leaves part of the body open must not be read as one by those behind us.
        string result = signature is { Result: Authentication.Dkim.DkimResult.Pass, CoversBody: false } ? "policy" : signature.Result.ToString().ToLowerInvariant();
        string? reason = result == "policy" ? signature.Reason ?? "part of the body is not signed" : signature.Reason;
        var properties = new List<ResultProperty>();
        if (signature.Domain.Length > 0) properties.Add(new("header", "d", signature.Domain));
        if (signature.Identity.Length > 1) properties.Add(new("header", "i", signature.Identity));
        if (signature.Selector.Length > 0) properties.Add(new("header", "s", signature.Selector));
        if (signature.Algorithm.Length > 0) properties.Add(new("header", "a", signature.Algorithm));
        if (signature.SignatureStart.Length > 0) properties.Add(new("header", "b", signature.SignatureStart));
        return new("dkim", result, reason, properties);
    }

    private MethodResult DmarcResult()
    {
        var properties = new List<ResultProperty>();
        if (Dmarc.Domain.Length > 0) properties.Add(new("header", "from", Dmarc.Domain));
        // RFC 7489 §11.1: the policy as applied, sampling and the rest seen to.
        if (Dmarc.Policy is { } policy) properties.Add(new("policy", "dmarc", (Dmarc.Result == Authentication.Dmarc.DmarcResult.Fail ? Dmarc.Disposition : policy).ToString().ToLowerInvariant()));
        return new("dmarc", Dmarc.Result.ToString().ToLowerInvariant(), Dmarc.Override ?? (Dmarc.Result == Authentication.Dmarc.DmarcResult.Pass ? null : Dmarc.Reason), properties);
    }

    // RFC 8617 §6: the address it came from stands beside the result.
    private MethodResult ArcResult() => new("arc", Arc.Result.ToString().ToLowerInvariant(), Arc.SealingDomain is { } domain ? $"sealed by {domain}" : Arc.Reason,
        Arc.Result == Authentication.Arc.ArcResult.None ? [] : [new("smtp", "remote-ip", Request.Client.ToString())]);
}
