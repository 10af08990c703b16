using Smxp.Mail.Authentication.Dns;
using Smxp.Mail.Authentication.Messages;

namespace Smxp.Mail.Authentication.Dkim;

/// <summary>Verifies the signatures of a message (RFC 6376 §6). Its own, over the octets as they came: a library that parses MIME and writes it anew answers for its writing,
/// not for the message. Keys are fetched side by side while the body is read once, for all signatures.</summary>
internal sealed class DkimVerifier(IMailDns dns, TimeProvider time, int maxSignatures)
{
    private readonly DkimKeys _keys = new(dns);

    /// <summary>The signatures of a message, from the top; those beyond the bound are not looked at.</summary>
    public IReadOnlyList<DkimSignature> Read(RawMessage message) =>
        [.. message.Headers.Where(static header => header.Is("DKIM-Signature")).Take(maxSignatures).Select(header => DkimSignature.ReadDkim(header, time.GetUtcNow()))];

    /// <summary>Decides one signature whose body has been read; <paramref name="key"/> is the fetch begun before.</summary>
    public static async Task<DkimVerdict> DecideAsync(DkimSignature signature, RawMessage message, BodyHashes hashes, Task<DkimKeyAnswer> key)
    {
        if (signature.Fault is not null) return Verdict(signature, DkimResult.PermError, signature.Fault);
        var answer = await key.ConfigureAwait(false);
        if (answer.Key is not { } record) return Verdict(signature, answer.Failure, answer.Reason);
        if (record.Algorithm != signature.Algorithm) return Verdict(signature, DkimResult.PermError, "the key is for another algorithm");
        // RFC 6376 §3.6.1 "t=s".
        if (record.ExactIdentity && !DomainName.Same(signature.Identity[(signature.Identity.LastIndexOf('@') + 1)..], signature.Domain)) return Verdict(signature, DkimResult.PermError, "the key is not for subdomains");

        bool verified = record.Verifies(signature.SignedBytes(message.Headers), signature.Signature, out string? fault);
        if (fault is not null) return Verdict(signature, DkimResult.PermError, fault) with { Testing = record.Testing };
        bool body = hashes.Matches(signature, out bool whole);
        return Verdict(signature, verified && body ? DkimResult.Pass : DkimResult.Fail, !body ? "the body changed" : !verified ? "the header changed" : null) with { CoversBody = whole, Testing = record.Testing };
    }

    /// <summary>Begins to fetch a signature's key.</summary>
    public Task<DkimKeyAnswer> FindKeyAsync(DkimSignature signature, CancellationToken cancellationToken) =>
        signature.Fault is null ? _keys.FindAsync(signature.Selector, signature.Domain, cancellationToken) : Task.FromResult(default(DkimKeyAnswer));

    private static DkimVerdict Verdict(DkimSignature signature, DkimResult result, string? reason) =>
        new(result, signature.Domain, signature.Selector, signature.Identity, signature.AlgorithmName, signature.SignatureStart, Reason: reason);
}
