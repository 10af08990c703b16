using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Smxp.Testing.Dns;

/// <summary>A name server on loopback, UDP and TCP on one port, that serves a <see cref="TestZone"/>.</summary>
public sealed class TestDnsServer : IDisposable
{
    private const int PlainUdpSize = 512;

    private readonly UdpClient _udp;
    private readonly TcpListener _tcp;
    private readonly CancellationTokenSource _stop = new();

    public TestDnsServer(TestZone zone)
    {
        Zone = zone;
        (_udp, _tcp) = Listen();
        _ = ServeUdpAsync();
        _ = ServeTcpAsync();
    }

    /// <summary>What it serves.</summary>
    public TestZone Zone { get; }

    /// <summary>Where it listens, <c>ip:port</c>.</summary>
    public string Address => _udp.Client.LocalEndPoint!.ToString()!;

    /// <summary>How many queries came by TCP.</summary>
    public int TcpQueries { get; private set; }

    /// <summary>Changes a UDP response before it leaves; null for none at all.</summary>
    public Func<byte[], byte[]?> Mangle { get; set; } = response => response;

    public void Dispose()
    {
        _stop.Cancel();
        _udp.Dispose();
        _tcp.Dispose();
        _stop.Dispose();
    }

    private static (UdpClient Udp, TcpListener Tcp) Listen()
    {
        for (int attempt = 0; ; attempt++)
        {
            var tcp = new TcpListener(IPAddress.Loopback, 0);
            tcp.Start();
            try
            {
                return (new UdpClient((IPEndPoint)tcp.LocalEndpoint), tcp);
            }
            catch (SocketException) when (attempt < 20)
            {
                tcp.Dispose();
            }
        }
    }

    private async Task ServeUdpAsync()
    {
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                UdpReceiveResult query = await _udp.ReceiveAsync(_stop.Token);
                byte[] response = Zone.Respond(query.Buffer);
                if (response.Length > Math.Max(PlainUdpSize, EdnsSize(query.Buffer))) response = Truncate(response);
                if (Mangle(response) is { } sent) await _udp.SendAsync(sent, query.RemoteEndPoint, _stop.Token);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException or SocketException)
        {
        }
    }

    private async Task ServeTcpAsync()
    {
        try
        {
            while (!_stop.IsCancellationRequested) _ = AnswerAsync(await _tcp.AcceptTcpClientAsync(_stop.Token));
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException or SocketException)
        {
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                NetworkStream stream = client.GetStream();
                byte[] length = new byte[2];
                while (true)
                {
                    await stream.ReadExactlyAsync(length, _stop.Token);
                    byte[] query = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
                    await stream.ReadExactlyAsync(query, _stop.Token);
                    TcpQueries++;
                    byte[] response = Zone.Respond(query);
                    BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)response.Length);
                    await stream.WriteAsync((byte[])[.. length, .. response], _stop.Token);
                }
            }
            catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException)
            {
            }
        }
    }

    private static int EdnsSize(byte[] query)
    {
        int end = TestZone.Question(query).End;
        // An OPT record: the root name, type 41, and where the class would be, the size.
        return query.Length >= end + 5 && query[end] == 0 && query[end + 2] == 41 ? BinaryPrimitives.ReadUInt16BigEndian(query.AsSpan(end + 3)) : PlainUdpSize;
    }

    private static byte[] Truncate(byte[] response)
    {
        byte[] head = response[..TestZone.Question(response).End];
        head[2] |= 0x02;
        Array.Clear(head, 6, 6);
        return head;
    }
}
