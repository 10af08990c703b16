using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Smxp.Bridge.Email.Outbound.Smtp;

/// <summary>A session with a server as its client (RFC 5321): commands out, replies in, TLS laid over the socket when it is asked for. One user at a time.</summary>
internal sealed class SmtpConnection(Socket socket, TimeSpan patience) : IAsyncDisposable
{
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _patience = new();
    private Stream _stream = new NetworkStream(socket, ownsSocket: true);
    private ReplyReader? _replies;

    public ServerExtensions Extensions { get; set; } = ServerExtensions.None;

    public bool IsEncrypted => _stream is SslStream;

    /// <summary>Mails that went over it.</summary>
    public int Mails { get; set; }

    /// <summary>When it was opened, by the clock of timestamps.</summary>
    public long OpenedAt { get; init; }

    /// <summary>Whether it can serve another mail.</summary>
    public bool IsUsable { get; set; } = true;

    private ReplyReader Replies => _replies ??= new ReplyReader(_stream);

    /// <summary>Whether the other side has hung up, or has said something unasked (a 421), since the last reply.</summary>
    public bool IsStale
    {
        get
        {
            try
            {
                return Replies.HasMore || socket.Poll(0, SelectMode.SelectRead);
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                return true;
            }
        }
    }

    public Task<ServerReply> SayAsync(string command, CancellationToken cancellationToken) => SayAsync(command, null, cancellationToken);

    /// <summary>Says something and reads the reply.</summary>
    public async Task<ServerReply> SayAsync(string command, List<string>? lines, CancellationToken cancellationToken)
    {
        await WriteAsync(Encoding.UTF8.GetBytes(command), cancellationToken);
        return await ReadAsync(lines, cancellationToken);
    }

    public Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => PatientlyAsync(async token =>
    {
        await _stream.WriteAsync(bytes, token);
        return 0;
    }, cancellationToken);

    /// <summary>Reads one reply.</summary>
    public async Task<ServerReply> ReadAsync(List<string>? lines, CancellationToken cancellationToken)
    {
        var reply = await PatientlyAsync(token => Replies.ReadAsync(lines, token), cancellationToken);
        if (reply.Closes) IsUsable = false;
        return reply;
    }

    /// <summary>Lays TLS over the connection.</summary>
    /// <exception cref="System.Security.Authentication.AuthenticationException">The handshake failed, or the certificate was not accepted.</exception>
    public async Task EncryptAsync(SslClientAuthenticationOptions options, CancellationToken cancellationToken)
    {
        // What came in plain text behind the answer to STARTTLS was put there by somebody on the way (CVE-2011-0411).
        if (_replies is { HasMore: true }) throw new SmtpFault(SmtpFaultKind.Handshake, "it spoke before the TLS handshake") { TlsFailure = "validation-failure" };
        var tls = new SslStream(_stream);
        _stream = tls;
        _replies = null;
        await PatientlyAsync(async token =>
        {
            await tls.AuthenticateAsClientAsync(options, token);
            return 0;
        }, cancellationToken);
    }

    /// <summary>Says goodbye and closes; never fails, never takes long.</summary>
    public async Task CloseAsync()
    {
        try
        {
            using var limit = new CancellationTokenSource(Farewell);
            await _stream.WriteAsync("QUIT\r\n"u8.ToArray(), limit.Token);
            await Replies.ReadAsync(null, limit.Token);
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException or SmtpFault or ObjectDisposedException)
        {
            // Gone already.
        }

        await DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        IsUsable = false;
        await _stream.DisposeAsync();
        _patience.Dispose();
    }

    private async Task<T> PatientlyAsync<T>(Func<CancellationToken, ValueTask<T>> step, CancellationToken cancellationToken)
    {
        // One timer for the connection's life, wound up again for each step.
        using var registration = cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _patience);
        _patience.CancelAfter(patience);
        try
        {
            return await step(_patience.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            IsUsable = false;
            throw new SmtpFault(SmtpFaultKind.Lost, $"it did not answer within {patience.TotalSeconds:0} seconds");
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException)
        {
            IsUsable = false;
            throw new SmtpFault(SmtpFaultKind.Lost, $"the connection broke: {exception.Message}", exception);
        }
        catch (SmtpFault)
        {
            IsUsable = false;
            throw;
        }
        finally
        {
            if (!_patience.IsCancellationRequested) _patience.CancelAfter(Timeout.InfiniteTimeSpan);
        }
    }
}
