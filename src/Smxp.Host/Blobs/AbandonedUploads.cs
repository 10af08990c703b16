using Smxp.Host.Configuration;
using Smxp.Plugins.Storage;

namespace Smxp.Host.Blobs;

/// <summary>Clears away uploads that were begun and never finished, and temporary files a crash left behind.</summary>
internal sealed partial class AbandonedUploads(
    IStateStore state, BlobUploads uploads, BlobLocks locks, TemporaryFiles files, SmxpOptions options, TimeProvider time, ILogger<AbandonedUploads> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);
    private const int Batch = 100;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            do await ClearAsync(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task ClearAsync(CancellationToken cancellationToken)
    {
        try
        {
            var before = time.GetUtcNow() - TimeSpan.FromHours(options.Blobs.AbandonedAfterHours);
            files.RemoveOlderThan(before);
            while (await ClearBatchAsync(before.ToUnixTimeSeconds(), cancellationToken) == Batch)
            {
            }
        }
        catch (StorageUnavailableException exception) // The next round tries again.
        {
            LogFailed(exception);
        }
    }

    /// <summary>Removes a batch; answers how many.</summary>
    private async Task<int> ClearBatchAsync(long before, CancellationToken cancellationToken)
    {
        int removed = 0;
        foreach (var upload in await state.Blobs.ListAbandonedAsync(before, Batch, cancellationToken))
        {
            using var turn = await locks.TryEnterAsync(upload.Id, TimeSpan.Zero, cancellationToken);
            if (turn is null || await state.Blobs.FindAsync(upload.Id, cancellationToken) is not { FinalizedAt: null }) continue;
            await uploads.RemoveAsync(upload, cancellationToken);
            removed++;
        }

        if (removed > 0) LogCleared(removed);
        return removed;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Cleared away {Count} abandoned uploads")]
    private partial void LogCleared(int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Abandoned uploads could not be cleared away")]
    private partial void LogFailed(Exception exception);
}
