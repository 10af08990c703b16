using System.Buffers;
using Smxp.Mail.Authentication.Dkim;
using Smxp.Mail.Authentication.Dns;
using Smxp.Mail.Authentication.Messages;

namespace Smxp.Mail.Authentication.Arc;

/// <summary>Checks an Authenticated Received Chain (RFC 8617 §5.2): every seal, and the newest hop's signature over the message. It says who handled the mail and what they found;
/// whether to believe them is configuration's affair.</summary>
internal sealed class ArcVerifier(IMailDns dns)
{
    private readonly DkimKeys _keys = new(dns);

    /// <summary>Decides; the body's hashes must have been read with the newest hop's form among them.</summary>
    public async Task<ArcVerdict> DecideAsync(IReadOnlyList<ArcSet> sets, string? fault, RawMessage message, BodyHashes hashes, CancellationToken cancellationToken)
    {
        if (fault is not null) return Failed(fault);
        if (sets.Count == 0) return ArcVerdict.None;

        var keys = sets.Select(set => _keys.FindAsync(set.Seal.Selector, set.Seal.Domain, cancellationToken)).ToArray();
        var newest = sets[^1].MessageSignature;
        var key = newest.Fault is null ? _keys.FindAsync(newest.Selector, newest.Domain, cancellationToken) : Task.FromResult(default(DkimKeyAnswer));
        await Task.WhenAll([.. keys, key]).ConfigureAwait(false);

        var signed = await DkimVerifier.DecideAsync(newest, message, hashes, key).ConfigureAwait(false);
        if (!signed.Vouches) return Failed($"the newest signature: {signed.Reason ?? "it leaves part of the body out"}");
        for (int i = sets.Count - 1; i >= 0; i--)
        {
            var answer = await keys[i].ConfigureAwait(false);
            string? why = answer.Key is not { } record ? answer.Reason
                : record.Algorithm != sets[i].Seal.Algorithm ? "the key is for another algorithm"
                : !record.Verifies(SealedBytes(sets, i), sets[i].Seal.Signature, out string? weak) ? weak ?? "it does not verify"
                : weak;
            if (why is not null) return Failed($"seal {i + 1}: {why}");
        }

        return new ArcVerdict(ArcResult.Pass, [.. sets.Reverse().Select(static set => new ArcInstance(set.Number, set.Seal.Domain, set.Found()))]);
    }

    // RFC 8617 §5.1.1: the sets in order, each its results, its signature, its seal; relaxed; the seal itself last, without b= and line end.
    internal static byte[] SealedBytes(IReadOnlyList<ArcSet> sets, int last)
    {
        var text = new ArrayBufferWriter<byte>();
        for (int i = 0; i <= last; i++)
        {
            Write(text, sets[i].Results.Bytes.Span);
            Write(text, sets[i].MessageSignature.Field.Bytes.Span);
            if (i < last) Write(text, sets[i].Seal.Field.Bytes.Span);
        }

        HeaderCanonicalization.Write(text, HeaderCanonicalization.WithoutSignature(sets[last].Seal.Field.Bytes.Span), Canonicalization.Relaxed);
        return text.WrittenSpan.ToArray();
    }

    private static void Write(ArrayBufferWriter<byte> text, ReadOnlySpan<byte> field)
    {
        HeaderCanonicalization.Write(text, field, Canonicalization.Relaxed);
        text.Write("\r\n"u8);
    }

    private static ArcVerdict Failed(string reason) => new(ArcResult.Fail, [], reason);
}
