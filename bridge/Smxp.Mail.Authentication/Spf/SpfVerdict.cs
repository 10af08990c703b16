namespace Smxp.Mail.Authentication.Spf;

/// <summary>The outcome of an SPF check.</summary>
/// <param name="Result">The result.</param>
/// <param name="Domain">The domain that was checked; empty where there was none.</param>
/// <param name="FromHelo">Whether the domain is the HELO name, the return path being null (RFC 7208 §2.4).</param>
/// <param name="Mechanism">The directive that matched, as published; null where none did.</param>
/// <param name="Explanation">For a fail: what the domain says to the sender (RFC 7208 §6.2), written by a stranger; null where it says nothing.</param>
/// <param name="Reason">For an error: why, in words.</param>
public sealed record SpfVerdict(SpfResult Result, string Domain, bool FromHelo = false, string? Mechanism = null, string? Explanation = null, string? Reason = null);
