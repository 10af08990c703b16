using System.Net;
using System.Net.Sockets;

namespace Smxp.Testing;

/// <summary>A loopback port that nobody listened on a moment ago.</summary>
public static class FreePort
{
    /// <summary>Finds one.</summary>
    public static int Next()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
