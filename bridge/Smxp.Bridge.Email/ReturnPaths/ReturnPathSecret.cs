using System.Security.Cryptography;
using Smxp.Plugins.Storage;

namespace Smxp.Bridge.Email.ReturnPaths;

/// <summary>The secret behind return paths (<c>srs-secret</c>), made when it is first needed, and the same on every node.</summary>
internal sealed class ReturnPathSecret(IBridgeState state)
{
    private const string Key = "srs-secret";
    private const int Length = 32;

    private LocalPartSeal? _seal;

    public async ValueTask<LocalPartSeal> SealAsync(CancellationToken cancellationToken)
    {
        if (_seal is { } known) return known;
        if (await ReadAsync(cancellationToken) is not { } secret)
        {
            // Where two nodes make one at a time, the first stands, and both use it.
            await state.PutAsync([new BridgeRecord(EmailBridge.BridgeName, null, Key, RandomNumberGenerator.GetBytes(Length), Unique: true)], cancellationToken);
            secret = await ReadAsync(cancellationToken) ?? throw new StorageUnavailableException("The secret of return paths could not be read back.");
        }

        return _seal = new LocalPartSeal(secret);
    }

    private Task<byte[]?> ReadAsync(CancellationToken cancellationToken) => state.GetAsync(EmailBridge.BridgeName, null, Key, cancellationToken);
}
