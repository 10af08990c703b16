using System.Buffers.Text;
using Smxp.Host.Errors;

namespace Smxp.Host.Federation;

/// <summary>Says whether a domain signed something (SMXP §5). The dearest step of all, so only as many run at once as there are cores, and only so many wait.</summary>
internal sealed class SignatureVerifier(PeerKeys keys) : IDisposable
{
    private const int LongestSignature = 16 * 1024;
    private const int MostWaiting = 512;

    private readonly SemaphoreSlim _running = new(Environment.ProcessorCount);
    private int _waiting;

    /// <summary>The first of the texts that the domain's key signed, or the rejection.</summary>
    public async ValueTask<Verification> VerifyAsync(string domain, string keyId, string signature, IEnumerable<ReadOnlyMemory<byte>> texts, CancellationToken cancellationToken)
    {
        if (signature.Length > LongestSignature || !Base64Url.IsValid(signature)) return Rejection.Verification("the signature is not base64url");
        PeerKeyAnswer key = await keys.FindAsync(domain, keyId, cancellationToken);
        if (key.Verifier is null) return key.IsTemporary ? Rejection.KeyUnavailable(key.Problem!) : Rejection.Verification(key.Problem!);

        byte[] bytes = Base64Url.DecodeFromChars(signature);
        if (!_running.Wait(0, CancellationToken.None) && !await WaitAsync(cancellationToken)) return Rejection.Busy;
        try
        {
            foreach (ReadOnlyMemory<byte> text in texts)
            {
                if (key.Verifier.Verify(text.Span, bytes)) return new Verification(null, text);
            }
        }
        finally
        {
            _running.Release();
        }
        return Rejection.Verification("the signature does not match");
    }

    public void Dispose() => _running.Dispose();

    private async Task<bool> WaitAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (Interlocked.Increment(ref _waiting) > MostWaiting) return false;
            await _running.WaitAsync(cancellationToken);
            return true;
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }
}

/// <summary>What a verification came to: the bytes that were signed, or why not.</summary>
internal readonly record struct Verification(Rejection? Rejection, ReadOnlyMemory<byte> Text)
{
    public static implicit operator Verification(Rejection rejection) => new(rejection, default);
}
