using Smxp.Client.Transport;

namespace Smxp.Client.Admin;

/// <summary>The operator's API (SMXP §8). Set <see cref="SmxpClient.AdminSecret"/> first.</summary>
public sealed class AdminClient
{
    internal AdminClient(ApiConnection connection)
    {
        Domains = new DomainAdmin(connection);
        Addresses = new AddressAdmin(connection);
        Routes = new RouteAdmin(connection);
        Queue = new QueueAdmin(connection);
        Bridges = new BridgeAdmin(connection);
    }

    /// <summary>The domains the server serves.</summary>
    public DomainAdmin Domains { get; }

    /// <summary>Their inboxes.</summary>
    public AddressAdmin Addresses { get; }

    /// <summary>Their routes.</summary>
    public RouteAdmin Routes { get; }

    /// <summary>What waits to leave the server.</summary>
    public QueueAdmin Queue { get; }

    /// <summary>The bridges, and what they answer by themselves.</summary>
    public BridgeAdmin Bridges { get; }
}
