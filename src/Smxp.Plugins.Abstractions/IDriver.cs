namespace Smxp.Plugins;

/// <summary>Lifecycle a driver may implement beside its contract.</summary>
public interface IDriver
{
    /// <summary>Opens files and connections and brings schemas up to date. Called once, before the first use. An exception stops the start; its message is shown to the operator.</summary>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Answers null while the driver is working, otherwise what is wrong in one line. Called by the health check, from several threads.</summary>
    ValueTask<string?> CheckAsync(CancellationToken cancellationToken);
}
