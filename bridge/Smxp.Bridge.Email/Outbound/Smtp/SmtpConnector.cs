using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Smxp.Bridge.Email.Outbound.Tls;

namespace Smxp.Bridge.Email.Outbound.Smtp;

/// <summary>Opens sessions: connection, greeting, EHLO, TLS as the policy demands, AUTH.</summary>
internal sealed class SmtpConnector(string hostName, OutboundSettings settings, X509Certificate2Collection authorities, OutboundMetrics metrics, TimeProvider time)
{
    private const int NeverTakesMail = 521;

    private readonly TimeSpan _patience = TimeSpan.FromSeconds(settings.TimeoutSeconds);

    /// <exception cref="SmtpFault">There is no session to be had.</exception>
    public async Task<SmtpConnection> OpenAsync(MailHost host, CancellationToken cancellationToken)
    {
        try
        {
            return await OpenAsync(host, mayEncrypt: true, cancellationToken);
        }
        catch (SmtpFault fault) when (fault.Kind == SmtpFaultKind.Handshake && host.Policy.Demand == TlsDemand.Opportunistic && !host.ImplicitTls)
        {
            // RFC 7435 §3: where TLS is a bonus, its failure is no reason to keep the mail back.
            Count(host, fault.TlsFailure);
            return await OpenAsync(host, mayEncrypt: false, cancellationToken);
        }
        catch (SmtpFault fault)
        {
            Count(host, fault.TlsFailure);
            throw;
        }
    }

    private async Task<SmtpConnection> OpenAsync(MailHost host, bool mayEncrypt, CancellationToken cancellationToken)
    {
        var connection = new SmtpConnection(await ConnectAsync(host, cancellationToken), _patience) { OpenedAt = time.GetTimestamp() };
        try
        {
            if (host.ImplicitTls) await EncryptAsync(connection, host, cancellationToken);
            var greeting = await connection.ReadAsync(null, cancellationToken);
            // RFC 5321 §4.3.2, RFC 7504 §3: whatever this one says instead of hello, another exchanger may say something else.
            if (!greeting.IsPositive) throw new SmtpFault(SmtpFaultKind.Refused, $"it greeted with: {greeting}") { IsPermanent = greeting.Code == NeverTakesMail };
            await GreetAsync(connection, cancellationToken);
            if (mayEncrypt && !connection.IsEncrypted) await StartTlsAsync(connection, host, cancellationToken);
            if (host.Credentials is not null) await SignIn.RunAsync(connection, host.Credentials, cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private async Task<Socket> ConnectAsync(MailHost host, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(TimeSpan.FromSeconds(Math.Min(settings.ConnectSeconds, settings.TimeoutSeconds)));
        var socket = host.Address is null ? new Socket(SocketType.Stream, ProtocolType.Tcp) : new Socket(host.Address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.NoDelay = true;
        try
        {
            if (host.Address is null) await socket.ConnectAsync(host.Name, host.Port, timeout.Token);
            else await socket.ConnectAsync(new IPEndPoint(host.Address, host.Port), timeout.Token);
            return socket;
        }
        catch (Exception exception)
        {
            socket.Dispose();
            if (exception is SocketException) throw new SmtpFault(SmtpFaultKind.Unreachable, $"it cannot be reached: {exception.Message}", exception);
            if (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested) throw new SmtpFault(SmtpFaultKind.Unreachable, "it cannot be reached: no answer", exception);
            throw;
        }
    }

    private async Task GreetAsync(SmtpConnection connection, CancellationToken cancellationToken)
    {
        List<string> lines = [];
        var hello = await connection.SayAsync($"EHLO {hostName}\r\n", lines, cancellationToken);
        if (hello.IsPositive)
        {
            connection.Extensions = ServerExtensions.Parse(lines);
            return;
        }

        // RFC 5321 §3.2: an old server.
        if (hello.IsPermanent && connection.IsUsable) hello = await connection.SayAsync($"HELO {hostName}\r\n", cancellationToken);
        if (!hello.IsPositive) throw new SmtpFault(SmtpFaultKind.Refused, $"it did not want to be greeted: {hello}");
        connection.Extensions = ServerExtensions.None;
    }

    private async Task StartTlsAsync(SmtpConnection connection, MailHost host, CancellationToken cancellationToken)
    {
        var answer = connection.Extensions.StartTls ? await connection.SayAsync("STARTTLS\r\n", cancellationToken) : default;
        if (answer.IsPositive)
        {
            await EncryptAsync(connection, host, cancellationToken);
            // RFC 3207 §4.2: what was said before counts for nothing.
            await GreetAsync(connection, cancellationToken);
            return;
        }

        if (host.Policy.Demand != TlsDemand.Opportunistic)
        {
            string what = answer.Code == 0 ? "it does not offer TLS" : $"it refused TLS ({answer})";
            throw new SmtpFault(SmtpFaultKind.Tls, $"{what}, and {host.Policy.Because}") { TlsFailure = "starttls-not-supported" };
        }

        if (host.Policy.IsWatched) Count(host, "starttls-not-supported");
    }

    private async Task EncryptAsync(SmtpConnection connection, MailHost host, CancellationToken cancellationToken)
    {
        var judge = new CertificateJudge(host.Name, host.Policy, authorities);
        try
        {
            await connection.EncryptAsync(new SslClientAuthenticationOptions
            {
                TargetHost = host.Name,
                CertificateChainPolicy = ChainRules.Offline(),
                RemoteCertificateValidationCallback = (_, certificate, chain, errors) => judge.Accept(certificate, chain, errors),
            }, cancellationToken);
            if (judge.Failure is not null) Count(host, judge.Failure);
        }
        catch (Exception exception) when (judge.Objection is not null && (exception is AuthenticationException or SmtpFault { Kind: SmtpFaultKind.Lost }))
        {
            throw new SmtpFault(SmtpFaultKind.Tls, $"its certificate {judge.Objection}, and {host.Policy.Because}", exception) { TlsFailure = judge.Failure };
        }
        catch (Exception exception) when (exception is AuthenticationException or SmtpFault { Kind: SmtpFaultKind.Lost })
        {
            string demand = host.Policy.Demand == TlsDemand.Opportunistic ? "" : $", and {host.Policy.Because}";
            throw new SmtpFault(SmtpFaultKind.Handshake, $"the TLS handshake failed ({exception.Message}){demand}", exception) { TlsFailure = "validation-failure" };
        }
    }

    private void Count(MailHost host, string? failure)
    {
        if (failure is not null && host.Policy.Domain is { } domain) metrics.TlsFailed(domain, host.Policy.Kind, failure);
    }
}
