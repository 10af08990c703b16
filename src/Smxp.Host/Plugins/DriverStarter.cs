using Smxp.Host.Configuration;
using Smxp.Plugins;
using Smxp.Plugins.Storage;

namespace Smxp.Host.Plugins;

/// <summary>Makes and starts every driver before anything else runs. At shutdown the service container disposes them, the last made first.</summary>
internal sealed partial class DriverStarter(IServiceProvider services, ILogger<DriverStarter> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _ = (services.GetRequiredService<IOutbox>(), services.GetRequiredService<IOutboxControl>(), services.GetRequiredService<IBridgeState>());
        var problems = new StartupProblems();
        foreach (var (driver, instance) in services.GetRequiredService<DriverSet>().All)
        {
            if (instance is not IDriver startable) continue;
            try
            {
                using var own = PluginAssembly.Enter(instance.GetType().Assembly);
                await startable.StartAsync(cancellationToken);
                Started(driver.Name);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                Failed(e, driver.Name);
                problems.Add(driver.Path, $"{driver.Name} did not start: {e.Message}");
            }
        }

        problems.ThrowIfAny();
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(Level = LogLevel.Debug, Message = "Started {Driver}")]
    private partial void Started(DriverName driver);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Driver} did not start")]
    private partial void Failed(Exception exception, DriverName driver);
}
