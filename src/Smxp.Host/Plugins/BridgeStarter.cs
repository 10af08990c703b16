using Smxp.Host.Configuration;
using Smxp.Plugins.Bridge;

namespace Smxp.Host.Plugins;

/// <summary>Opens the bridges once drivers and services run, just before the HTTP listener; closes them just after it.</summary>
internal sealed partial class BridgeStarter(IEnumerable<IBridge> bridges, ILogger<BridgeStarter> logger) : IHostedService
{
    private readonly Stack<IBridge> _open = new();

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var problems = new StartupProblems();
        foreach (var bridge in bridges)
        {
            try
            {
                using var own = PluginAssembly.Enter(bridge.GetType().Assembly);
                await bridge.StartAsync(cancellationToken);
                _open.Push(bridge);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                problems.Add($"{ConfigurationModule.Section}:Bridge:{bridge.Name}", $"the bridge did not start: {e.Message}");
            }
        }

        if (problems.All.Count > 0) await StopAsync(cancellationToken);
        problems.ThrowIfAny();
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        while (_open.TryPop(out var bridge))
        {
            try
            {
                await bridge.StopAsync(cancellationToken);
            }
            catch (Exception e)
            {
                // One bridge that stops badly must not keep the others, and the stores, from closing well.
                StoppedBadly(e, bridge.Name);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The bridge {Bridge} did not stop well")]
    private partial void StoppedBadly(Exception exception, string bridge);
}
