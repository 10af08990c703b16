namespace Smxp.Client.Mail;

/// <summary>What was found out about an email's origin, in the words of RFC 8601.</summary>
/// <param name="Spf">Whether the server that brought it may send for its return path (RFC 7208): <c>pass</c>, <c>fail</c>, <c>none</c>, …</param>
/// <param name="Dkim">The best of its signatures (RFC 6376).</param>
/// <param name="Dmarc">Whether its author's domain vouches for it (RFC 7489).</param>
/// <param name="Arc">The chain of those who forwarded it (RFC 8617).</param>
/// <param name="Policy">How to treat it: <c>none</c> as any mail, <c>quarantine</c> with suspicion.</param>
public sealed record MailAuthentication(string Spf, string Dkim, string Dmarc, string Arc, string Policy);
