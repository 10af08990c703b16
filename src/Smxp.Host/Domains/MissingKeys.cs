namespace Smxp.Host.Domains;

/// <summary>Before anything is served: gives every domain the keys that configuration has come to need since it was added.</summary>
internal sealed class MissingKeys(DomainService domains) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => domains.AddMissingKeysAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
