using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Smxp.Mail.Smtp.Limits;
using Smxp.Mail.Smtp.Replies;
using Smxp.Mail.Smtp.Session;

namespace Smxp.Mail.Smtp;

/// <summary>
/// An SMTP server (RFC 5321) that receives mail for an <see cref="ISmtpApplication"/>. It owns its listeners, speaks the protocol, and holds every limit;
/// the application says who may receive and stores what arrives. Sockets and back-pressure are Kestrel's transport; the protocol is in <c>Session/</c> and <c>Commands/</c>.
/// </summary>
public sealed partial class SmtpServer : IAsyncDisposable
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(1);

    private readonly ServerContext _context;
    private readonly ILogger _logger;
    private readonly SocketTransportFactory _transport;
    private readonly ConnectionLimiter _limiter;
    private readonly ConcurrentDictionary<SmtpSession, Task> _sessions = new();
    private readonly List<IConnectionListener> _listeners = [];
    private readonly List<Task> _accepting = [];
    private readonly CancellationTokenSource _aborted = new();
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Makes a server that does not listen yet.</summary>
    /// <exception cref="ArgumentException">A listener has TLS from the start, but there is no certificate.</exception>
    public SmtpServer(SmtpServerOptions options, ISmtpApplication application, ILoggerFactory loggers, TimeProvider time)
    {
        if (options.Certificate is null && options.Listeners.Any(static listener => listener.ImplicitTls)) throw new ArgumentException("Implicit TLS needs a certificate.", nameof(options));
        _logger = loggers.CreateLogger<SmtpServer>();
        _context = new ServerContext(options, application, new ClientRates(options.Rates, time), time, _logger, _aborted.Token);
        _limiter = new ConnectionLimiter(options.MaxConnections, options.MaxConnectionsPerClient);
        // 64 KiB unread per connection: a fast sender waits for a slow store instead of filling memory.
        _transport = new SocketTransportFactory(Options.Create(new SocketTransportOptions { MaxReadBufferSize = 65536, MaxWriteBufferSize = 65536 }), loggers);
    }

    /// <summary>Where it listens, with the ports the system chose, in the order of the options.</summary>
    public IReadOnlyList<EndPoint> Endpoints => [.. _listeners.Select(static listener => listener.EndPoint)];

    /// <summary>Opens the listeners and begins to accept.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var listener in _context.Options.Listeners)
        {
            var bound = await BindAsync(listener.EndPoint, cancellationToken);
            _listeners.Add(bound);
            _accepting.Add(AcceptAsync(bound, listener));
            LogListening(listener.Kind, bound.EndPoint, listener.ImplicitTls ? ", TLS from the start" : "");
        }

        _accepting.Add(WatchDeadlinesAsync());
    }

    /// <summary>Stops accepting, answers 421 where a client is between commands, lets mail under way finish, and drops what is left when the token fires.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        foreach (var listener in _listeners) await listener.UnbindAsync(CancellationToken.None);
        foreach (var session in _sessions.Keys) session.Channel.Stop();
        try
        {
            await Task.WhenAll(_sessions.Values).WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            await _aborted.CancelAsync();
            foreach (var session in _sessions.Keys) session.Channel.Abort();
        }

        await Task.WhenAll(_accepting);
        foreach (var listener in _listeners) await listener.DisposeAsync();
        _listeners.Clear();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(new CancellationToken(canceled: true));
        _aborted.Dispose();
        _stopping.Dispose();
    }

    private async Task<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken)
    {
        try
        {
            return await _transport.BindAsync(endpoint, cancellationToken);
        }
        catch (Exception exception) when (exception is SocketException or AddressInUseException)
        {
            // The system says what is wrong, but not with which of the addresses.
            throw new IOException($"cannot listen on {endpoint}: {exception.Message}", exception);
        }
    }

    private async Task AcceptAsync(IConnectionListener bound, SmtpListener listener)
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var connection = await bound.AcceptAsync(CancellationToken.None);
                if (connection is null) return; // unbound
                _ = ServeAsync(connection, listener);
            }
            catch (Exception exception) when (!_stopping.IsCancellationRequested)
            {
                // Running out of descriptors must not end the server: wait for some to come back.
                LogAcceptFailed(exception);
                await Task.Delay(Heartbeat, _context.Time);
            }
        }
    }

    /// <summary>Serves one connection to its end, that of the socket included.</summary>
    internal async Task ServeAsync(ConnectionContext connection, SmtpListener listener)
    {
        var peer = (connection.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None;
        if (peer.IsIPv4MappedToIPv6) peer = peer.MapToIPv4();
        using var place = _limiter.TryEnter();
        if (place is null)
        {
            if (!listener.ImplicitTls) SmtpReply.TooManyConnections.WriteTo(connection.Transport.Output);
            await connection.Transport.Output.CompleteAsync();
            await connection.DisposeAsync();
            return;
        }

        var session = new SmtpSession(connection, peer, listener, place, _context);
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _sessions[session] = done.Task;
        if (_stopping.IsCancellationRequested) session.Channel.Stop();
        try
        {
            await session.RunAsync();
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The client went away, or was cut off; nothing of an unfinished mail was accepted.
        }
        catch (Exception exception)
        {
            LogSessionFailed(session.Client, exception);
        }
        finally
        {
            // It closes when all is sent. A client that reads nothing keeps its place for that long, and not for longer than it may.
            session.Channel.Leave();
            await connection.DisposeAsync();
            _sessions.TryRemove(session, out Task? _);
            done.SetResult();
        }
    }

    // One timer for all sessions: a timer per read would cost more than the read.
    private async Task WatchDeadlinesAsync()
    {
        using var timer = new PeriodicTimer(Heartbeat, _context.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
            {
                long now = _context.Time.GetTimestamp();
                foreach (var session in _sessions.Keys) session.Channel.CheckDeadline(now);
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops; StopAsync has its own deadline.
        }
    }

    [LoggerMessage(LogLevel.Information, "SMTP ({Kind}) listens on {Endpoint}{How}")]
    private partial void LogListening(SmtpListenerKind kind, EndPoint endpoint, string how);

    [LoggerMessage(LogLevel.Warning, "Accepting an SMTP connection failed")]
    private partial void LogAcceptFailed(Exception exception);

    [LoggerMessage(LogLevel.Error, "An SMTP session with {Client} failed")]
    private partial void LogSessionFailed(IPAddress client, Exception exception);
}
