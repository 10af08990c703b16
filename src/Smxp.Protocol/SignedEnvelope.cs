using System.Diagnostics.CodeAnalysis;

namespace Smxp.Protocol;

/// <summary>An envelope together with the exact bytes it travels and is stored as.</summary>
/// <remarks>Sent envelopes are in schema order and signed as they stand; received ones keep the sender's bytes, so a forward can be verified again (SMXP §5).</remarks>
public sealed class SignedEnvelope
{
    private SignedEnvelope(Envelope envelope, ReadOnlyMemory<byte> utf8) => (Envelope, Utf8) = (envelope, utf8);

    /// <summary>The values.</summary>
    public Envelope Envelope { get; }

    /// <summary>The JSON text, UTF-8.</summary>
    public ReadOnlyMemory<byte> Utf8 { get; }

    /// <summary>Reads an envelope, refusing what SMXP §2 and §4 do not allow.</summary>
    /// <param name="utf8">The JSON text. The result keeps it: do not change it afterwards.</param>
    /// <param name="envelope">The envelope.</param>
    /// <param name="error">What is wrong, in words for the sender.</param>
    public static bool TryParse(ReadOnlyMemory<byte> utf8, [NotNullWhen(true)] out SignedEnvelope? envelope, [NotNullWhen(false)] out string? error) =>
        throw new NotImplementedException();

    /// <summary>Fills in the content id, writes the envelope in schema order and signs it.</summary>
    /// <param name="envelope">The envelope; its id and signature are ignored.</param>
    /// <param name="keyId">The signing key's id.</param>
    /// <param name="sign">Makes a signature over the bytes it is given.</param>
    public static SignedEnvelope Sign(Envelope envelope, string keyId, Func<ReadOnlyMemory<byte>, byte[]> sign) =>
        throw new NotImplementedException();

    /// <summary>The distinct byte strings the signature may cover, in the order to try them: as received, schema order, creation order (SMXP §5).</summary>
    public IEnumerable<ReadOnlyMemory<byte>> SignedTexts() => throw new NotImplementedException();
}
