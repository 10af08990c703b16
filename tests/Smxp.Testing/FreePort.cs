using System.Net;
using System.Net.Sockets;

namespace Smxp.Testing;

/// <summary>Loopback ports that nobody listens on: each handed out once, and none of those that systems give to outgoing connections.</summary>
public static class FreePort
{
    private const int First = 15_000;
    private const int Count = 17_000;

    // Test processes beside this one begin elsewhere.
    private static int _last = Random.Shared.Next(Count);

    /// <summary>Finds one.</summary>
    public static int Next()
    {
        while (true)
        {
            int port = First + (int)((uint)Interlocked.Increment(ref _last) % Count);
            if (IsFree(port)) return port;
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
