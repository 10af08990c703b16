namespace Smxp.Host.Domains;

/// <summary>Tells the caches of this process that the directory changed: domains, keys, addresses or routes. Other nodes notice when their caches run out.</summary>
internal interface IDirectoryChanges
{
    /// <summary>Raised, on the thread that made the change and after it is durable, with the domain concerned. Handlers return at once and do not throw.</summary>
    event Action<string>? Changed;

    /// <summary>Says that something in a domain changed.</summary>
    void Notify(string domain);
}

/// <inheritdoc/>
internal sealed class DirectoryChanges : IDirectoryChanges
{
    public event Action<string>? Changed;

    public void Notify(string domain) => Changed?.Invoke(domain);
}
