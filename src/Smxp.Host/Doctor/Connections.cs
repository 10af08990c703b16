using System.Net;
using System.Net.Sockets;

namespace Smxp.Host.Doctor;

/// <summary>Opens connections to where DNS says, and not where this machine's own files do.</summary>
internal static class Connections
{
    /// <summary>Connects to the first address of a host that takes it.</summary>
    /// <exception cref="HttpRequestException">There is no address, or none answers.</exception>
    public static async ValueTask<System.IO.Stream> OpenAsync(Names names, string host, int port, CancellationToken cancellationToken)
    {
        var addresses = await names.AddressesAsync(host, cancellationToken);
        if (addresses.Count == 0) throw new HttpRequestException($"{host} has no address");
        SocketException? last = null;
        foreach (IPAddress address in addresses)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(address, port, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException e)
            {
                socket.Dispose();
                last = e;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        throw new HttpRequestException($"{host} port {port}: {last!.Message}", last);
    }
}
