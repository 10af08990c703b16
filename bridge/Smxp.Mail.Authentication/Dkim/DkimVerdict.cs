namespace Smxp.Mail.Authentication.Dkim;

/// <summary>The outcome for one DKIM-Signature.</summary>
/// <param name="Result">The result.</param>
/// <param name="Domain">d=, in the form in which domains are compared; empty where the signature does not say.</param>
/// <param name="Selector">s=.</param>
/// <param name="Identity">i=, as written, or <c>@</c> and d=.</param>
/// <param name="Algorithm">a=, as written.</param>
/// <param name="SignatureStart">The first eight characters of b=, to tell signatures apart (RFC 6008).</param>
/// <param name="CoversBody">Whether the whole body is signed: without l=, or with an l= that leaves nothing out.</param>
/// <param name="Testing">Whether the key is published for testing (t=y).</param>
/// <param name="Reason">Why it did not pass, in words.</param>
public sealed record DkimVerdict(DkimResult Result, string Domain, string Selector, string Identity, string Algorithm, string SignatureStart, bool CoversBody = true, bool Testing = false, string? Reason = null)
{
    /// <summary>Whether the signature vouches for the message: it passed and leaves no part of the body open.</summary>
    public bool Vouches => Result == DkimResult.Pass && CoversBody;
}
