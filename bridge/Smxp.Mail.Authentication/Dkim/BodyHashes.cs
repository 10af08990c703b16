using Smxp.Mail.Authentication.Messages;

namespace Smxp.Mail.Authentication.Dkim;

/// <summary>The body's hashes in every form some signature asks for, made in one pass.</summary>
internal sealed class BodyHashes : IDisposable
{
    private readonly Dictionary<(Canonicalization Form, long? Limit), BodyHash> _hashes = [];
    private readonly Dictionary<(Canonicalization Form, long? Limit), byte[]> _digests = [];

    /// <summary>Asks for a form, before the body is read.</summary>
    public void Want(Canonicalization form, long? limit)
    {
        if (!_hashes.ContainsKey((form, limit))) _hashes.Add((form, limit), new BodyHash(form, limit));
    }

    public void Want(DkimSignature signature) => Want(signature.BodyForm, signature.BodyLimit);

    public async Task ReadAsync(RawMessage message, CancellationToken cancellationToken)
    {
        if (_hashes.Count == 0) return;
        await message.ReadBodyAsync(piece =>
        {
            foreach (var hash in _hashes.Values) hash.Append(piece);
        }, cancellationToken).ConfigureAwait(false);
        foreach (var (key, hash) in _hashes) _digests.Add(key, hash.Finish());
    }

    public byte[] Digest(Canonicalization form, long? limit) => _digests[(form, limit)];

    /// <summary>Whether the body is the one that was signed, and whether all of it was.</summary>
    public bool Matches(DkimSignature signature, out bool whole)
    {
        var key = (signature.BodyForm, signature.BodyLimit);
        long length = _hashes[key].Length;
        whole = signature.BodyLimit is null || signature.BodyLimit >= length;
        // RFC 6376 §3.5 "l=": no more than there is.
        return !(signature.BodyLimit > length) && _digests[key].AsSpan().SequenceEqual(signature.BodyDigest);
    }

    public void Dispose()
    {
        foreach (var hash in _hashes.Values) hash.Dispose();
    }
}
