using Smxp.Host.Auth;
using Smxp.Plugins.Storage;

namespace Smxp.Host.Blobs;

/// <summary>Who may fetch a blob: its owner, and whoever holds a token of it that has not run out.</summary>
internal sealed class BlobAccess(IStateStore state, TokenService callers, TimeProvider time)
{
    /// <summary>Whether a token opens a blob.</summary>
    public async Task<bool> OpensAsync(string? token, string blobId, CancellationToken cancellationToken)
    {
        if (BlobNames.HashOf(token) is not { } hash) return false;
        return await state.Blobs.Tokens.FindAsync(hash, cancellationToken) is { } found
            && found.BlobId == blobId
            && !(found.ExpiresAt <= time.GetUtcNow().ToUnixTimeSeconds());
    }

    /// <summary>The complete blob a request may fetch. Without the right to it nobody learns whether it exists.</summary>
    /// <returns>Whether the request has the right, and the blob, null where there is none.</returns>
    public async Task<(bool Allowed, BlobRecord? Blob)> FindAsync(HttpRequest request, string blobId, CancellationToken cancellationToken)
    {
        if (!BlobNames.IsId(blobId)) return (false, null);
        var blob = await state.Blobs.FindAsync(blobId, cancellationToken);
        bool allowed = await OpensAsync(request.Query["token"], blobId, cancellationToken) || await IsOwnerAsync(request, blob, cancellationToken);
        return (allowed, blob?.FinalizedAt is null ? null : blob);
    }

    private async Task<bool> IsOwnerAsync(HttpRequest request, BlobRecord? blob, CancellationToken cancellationToken) =>
        blob is not null
        && BearerToken.Read(request, allowQuery: false) is { } token
        && await callers.FindCallerAsync(token, cancellationToken) is { } caller
        && caller.Address == blob.Owner;
}
