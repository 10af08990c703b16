using Smxp.Client.Transport;

namespace Smxp.Client.Blobs;

/// <summary>How often a transfer tries again: up to eight failures in a row without a piece getting through.</summary>
internal sealed class Patience
{
    private const int MostFailures = 8;

    private readonly BackOff _backOff = new();
    private int _failures;

    public bool Allows(Exception exception, CancellationToken cancellationToken) =>
        !cancellationToken.IsCancellationRequested
        && exception is HttpRequestException or IOException or SmxpException { IsTransient: true }
        && ++_failures < MostFailures;

    public Task WaitAsync(CancellationToken cancellationToken) => _backOff.WaitAsync(cancellationToken);

    public void Reset()
    {
        _failures = 0;
        _backOff.Reset(null);
    }
}
