using System.Collections.Concurrent;
using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using Smxp.Plugins.Delivery;

namespace Smxp.Bridge.Email.Outbound;

/// <summary>Speaks SMTP to other servers. A connection is kept for a moment for the next mail to the same server.</summary>
internal sealed class SmtpSender(string hostName, OutboundSettings settings, TimeProvider time) : IAsyncDisposable
{
    // Long enough for a burst, short enough that no server minds.
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(5);
    private const int MaxIdle = 4;

    private readonly ConcurrentDictionary<MailHost, ConcurrentQueue<IdleConnection>> _idle = new();
    private readonly TrustedCertificates _trusted = new(settings.TrustedAuthorities);

    /// <summary>Whether certificate authorities were named for mail servers.</summary>
    public bool NamesAuthorities => _trusted.Any;

    /// <summary>Tries to hand a mail to one server.</summary>
    public async Task<HandOver> SendAsync(MailHost host, ComposedMail mail, CancellationToken cancellationToken)
    {
        SmtpClient? client = null;
        try
        {
            client = await RentAsync(host, cancellationToken);
            await client.SendAsync(FormatOptions.Default, mail.Message, mail.From, [mail.To], cancellationToken);
            Return(host, client);
            client = null;
            return new HandOver(HandOverKind.Accepted);
        }
        catch (AuthenticationException exception)
        {
            // Ours to mend, not the sender's: the mail waits.
            return new HandOver(HandOverKind.Deferred, $"{host.Name} did not take this server's user name and password: {exception.Message}");
        }
        catch (Exception exception) when (client is null && exception is SmtpCommandException or NotSupportedException)
        {
            // No word of the mail was said yet: a greeting of 5yz, or no STARTTLS or AUTH where it must be, speaks of the server (RFC 5321 §3.1), and another may take the mail.
            return new HandOver(HandOverKind.Deferred, $"{host.Name}: {(exception is SmtpCommandException refusal ? $"{(int)refusal.StatusCode} {refusal.Message}" : exception.Message)}");
        }
        catch (SmtpCommandException exception)
        {
            // RFC 5321 §4.2.1: 4yz may be tried again, 5yz may not.
            var kind = (int)exception.StatusCode >= 500 ? HandOverKind.Rejected : HandOverKind.Deferred;
            return new HandOver(kind, $"{host.Name} answered: {(int)exception.StatusCode} {exception.Message}");
        }
        catch (NotSupportedException)
        {
            return new HandOver(HandOverKind.Rejected, $"{host.Name} does not take addresses beyond ASCII (SMTPUTF8)");
        }
        catch (Exception exception) when (IsOutage(exception, cancellationToken))
        {
            return new HandOver(HandOverKind.Deferred, $"{host.Name}: {exception.Message}");
        }
        finally
        {
            client?.Dispose();
        }
    }

    public ValueTask DisposeAsync()
    {
        foreach (var connection in _idle.Values.SelectMany(static queue => queue)) connection.Client.Dispose();
        _idle.Clear();
        return ValueTask.CompletedTask;
    }

    private static bool IsOutage(Exception exception, CancellationToken cancellationToken) => exception switch
    {
        OperationCanceledException => !cancellationToken.IsCancellationRequested,
        _ => exception is IOException or SocketException or TimeoutException or ProtocolException or AuthenticationException or SslHandshakeException or ServiceNotConnectedException,
    };

    private async Task<SmtpClient> RentAsync(MailHost host, CancellationToken cancellationToken)
    {
        long oldest = time.GetTimestamp();
        while (_idle.TryGetValue(host, out var queue) && queue.TryDequeue(out var idle))
        {
            if (idle.Client.IsConnected && time.GetElapsedTime(idle.Since, oldest) < IdleTime) return idle.Client;
            idle.Client.Dispose();
        }

        try
        {
            return await ConnectAsync(host, host.Security, cancellationToken);
        }
        catch (SslHandshakeException) when (host.Security == SecureSocketOptions.StartTlsWhenAvailable)
        {
            // RFC 7435 §3: where TLS is a bonus, its failure is no reason to keep the mail back.
            return await ConnectAsync(host, SecureSocketOptions.None, cancellationToken);
        }
    }

    private async Task<SmtpClient> ConnectAsync(MailHost host, SecureSocketOptions security, CancellationToken cancellationToken)
    {
        var client = new SmtpClient { LocalDomain = hostName, Timeout = settings.TimeoutSeconds * 1000 };
        try
        {
#pragma warning disable CA5359 // RFC 7435: opportunistic TLS takes any certificate; the alternative is no TLS.
            client.ServerCertificateValidationCallback = host.Verify ? _trusted.IsValid : static (_, _, _, _) => true;
#pragma warning restore CA5359
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            timeout.CancelAfter(TimeSpan.FromSeconds(settings.TimeoutSeconds));
            int port = host.Port ?? settings.Port;
            if (host.Address is null)
            {
                await client.ConnectAsync(host.Name, port, security, timeout.Token);
            }
            else
            {
                var socket = new Socket(host.Address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                try
                {
                    await socket.ConnectAsync(host.Address, port, timeout.Token);
                    await client.ConnectAsync(socket, host.Name, port, security, timeout.Token);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            }

            if (host.Credentials is not null) await client.AuthenticateAsync(host.Credentials, timeout.Token);
            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    private void Return(MailHost host, SmtpClient client)
    {
        var queue = _idle.GetOrAdd(host, static _ => new());
        long now = time.GetTimestamp();
        foreach (var (other, connections) in _idle)
        {
            while (connections.TryPeek(out var oldest) && time.GetElapsedTime(oldest.Since, now) >= IdleTime && connections.TryDequeue(out oldest)) oldest.Client.Dispose();
            if (connections.IsEmpty && other != host) _idle.TryRemove(other, out _);
        }

        if (queue.Count < MaxIdle) queue.Enqueue(new IdleConnection(client, now));
        else client.Dispose();
    }

    private sealed record IdleConnection(SmtpClient Client, long Since);
}
