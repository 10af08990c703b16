using Smxp.Plugins.Storage;

namespace Smxp.Host.Auth;

/// <summary>Writes when tokens were last used, and clears away expired ones.</summary>
internal sealed partial class TokenUpkeep(IStateStore state, LastUsed lastUsed, TimeProvider time, ILogger<TokenUpkeep> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);
    private const int RoundsBetweenClearing = 240; // an hour

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await RunRoundAsync(clear: false, cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        for (int round = 1; await WaitAsync(timer, stoppingToken); round++) await RunRoundAsync(round % RoundsBetweenClearing == 0, stoppingToken);
    }

    private static async Task<bool> WaitAsync(PeriodicTimer timer, CancellationToken stoppingToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task RunRoundAsync(bool clear, CancellationToken cancellationToken)
    {
        try
        {
            var noted = lastUsed.Take();
            if (noted.Count > 0) await state.Tokens.TouchAsync(noted, cancellationToken);
            if (clear) await state.Tokens.RemoveExpiredAsync(time.GetUtcNow().ToUnixTimeSeconds(), cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
        catch (Exception exception) // An outage of the store: the notes of this round are lost, the next round tries again.
        {
            LogFailed(exception);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Tokens could not be kept up to date")]
    private partial void LogFailed(Exception exception);
}
