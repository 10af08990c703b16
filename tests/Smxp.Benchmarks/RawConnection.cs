using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Smxp.Benchmarks;

/// <summary>One HTTP/1.1 connection that costs the load generator next to nothing: bytes out, status in.</summary>
internal sealed class RawConnection : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[64 * 1024];

    public Task ConnectAsync(int port) => _socket.ConnectAsync(IPAddress.Loopback, port);

    /// <summary>A whole request.</summary>
    public static byte[] Post(string path, ReadOnlySpan<byte> body, string headers = "") =>
        [.. Encoding.ASCII.GetBytes($"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n{headers}\r\n"), .. body];

    /// <summary>Sends a request and answers the response's status.</summary>
    public async Task<int> SendAsync(byte[] request)
    {
        await _socket.SendAsync(request);
        int length = 0;
        do
        {
            int read = await _socket.ReceiveAsync(_buffer.AsMemory(length));
            if (read == 0) throw new IOException("The host closed the connection.");
            length += read;
        }
        while (!IsWhole(_buffer.AsSpan(0, length)));
        return int.Parse(_buffer.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture);
    }

    public void Dispose() => _socket.Dispose();

    private static bool IsWhole(ReadOnlySpan<byte> response)
    {
        int end = response.IndexOf("\r\n\r\n"u8);
        if (end < 0) return false;
        ReadOnlySpan<byte> head = response[..end];
        int at = head.IndexOf("Content-Length: "u8);
        if (at < 0) return response.EndsWith("0\r\n\r\n"u8);
        ReadOnlySpan<byte> number = head[(at + 16)..];
        int line = number.IndexOf((byte)'\r');
        return response.Length >= end + 4 + int.Parse(line < 0 ? number : number[..line], System.Globalization.CultureInfo.InvariantCulture);
    }
}
