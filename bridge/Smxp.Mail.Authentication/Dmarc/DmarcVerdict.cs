namespace Smxp.Mail.Authentication.Dmarc;

/// <summary>The outcome of a DMARC check.</summary>
/// <param name="Result">The result.</param>
/// <param name="Domain">The author's domain that decided; empty where there is none.</param>
/// <param name="PolicyDomain">Where the policy was found: the domain itself or its organisational domain; null where there is none.</param>
/// <param name="Policy">The policy that applies to the domain, before <c>pct</c>; null where there is none.</param>
/// <param name="Disposition">What is to be done with the mail.</param>
/// <param name="Reason">Why, in words.</param>
/// <param name="Override">Why less is done than the policy asks: sampling, or a forwarder that is trusted; null where nothing less is done.</param>
public sealed record DmarcVerdict(DmarcResult Result, string Domain, string? PolicyDomain, DmarcPolicy? Policy, DmarcPolicy Disposition, string Reason, string? Override = null);
