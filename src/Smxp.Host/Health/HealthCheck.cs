using Smxp.Host.Plugins;
using Smxp.Plugins;
using Smxp.Plugins.Storage;

namespace Smxp.Host.Health;

/// <summary>Asks every driver whether it works. The answer is kept for a second, so that asking often, as strangers may, costs nothing.</summary>
internal sealed partial class HealthCheck(DriverSet drivers, IStateStore state, TimeProvider time, ILogger<HealthCheck> logger) : IDisposable
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _oneAtATime = new(1, 1);
    private HealthReport? _last;

    public async Task<HealthReport> RunAsync(CancellationToken cancellationToken)
    {
        if (Fresh() is { } report) return report;
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            return Fresh() ?? (_last = await AskAsync(cancellationToken));
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public void Dispose() => _oneAtATime.Dispose();

    private HealthReport? Fresh() => _last is { } last && time.GetElapsedTime(last.At) < KeptFor ? last : null;

    private async Task<HealthReport> AskAsync(CancellationToken cancellationToken)
    {
        var problems = await Task.WhenAll(drivers.All.Select(driver => CheckAsync(driver, cancellationToken)));
        var broken = problems.OfType<string>().ToArray();
        var domains = broken.Length == 0 ? await state.Domains.ListAsync(cancellationToken) : [];
        return new([.. domains.Select(domain => domain.Name)], broken, time.GetTimestamp());
    }

    /// <summary>Null for a driver that works. Only its name goes out: what is wrong with it is for the log.</summary>
    private async Task<string?> CheckAsync(RunningDriver running, CancellationToken cancellationToken)
    {
        if (running.Instance is not IDriver driver) return null;
        try
        {
            if (await driver.CheckAsync(cancellationToken).AsTask().WaitAsync(Patience, time, cancellationToken) is not { } problem) return null;
            Broken(null, running.Driver.Name, problem);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            Broken(e, running.Driver.Name, e.GetType().Name);
        }

        return $"{running.Driver.Name} is not working";
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Driver} is not working: {Problem}")]
    private partial void Broken(Exception? exception, DriverName driver, string problem);
}

/// <summary>What a check found.</summary>
internal sealed record HealthReport(IReadOnlyList<string> Domains, IReadOnlyList<string> Problems, long At);
