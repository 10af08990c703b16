namespace Smxp.Host.Blobs;

/// <summary>The body of another server's answer. A server that sends nothing for a while has broken off.</summary>
internal sealed class ResponseStream(HttpResponseMessage response, System.IO.Stream body) : ForwardStream
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            return await body.ReadAsync(buffer, patience.Token);
        }
        catch (Exception exception) when (exception is IOException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new HttpRequestException("the other server broke off while it sent a blob", exception);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            body.Dispose();
            response.Dispose();
        }

        base.Dispose(disposing);
    }
}
