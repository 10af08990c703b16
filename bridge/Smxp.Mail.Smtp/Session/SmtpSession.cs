using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using Smxp.Mail.Smtp.Commands;
using Smxp.Mail.Smtp.Replies;
using Smxp.Mail.Smtp.Tls;

namespace Smxp.Mail.Smtp.Session;

/// <summary>One connection: reads a command, executes it, writes the reply, until somebody has had enough. Commands change its state through the members below.</summary>
internal sealed partial class SmtpSession
{
    private readonly ConnectionContext _connection;
    private readonly ISmtpApplication _application;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly LineReader _lines;
    private readonly Deadline _deadline;
    private SslStream? _tls;
    private PipeReader _input;
    private PipeWriter _output;
    private volatile bool _stopping;
    private int _commands;
    private int _errors;

    public SmtpSession(
        ConnectionContext connection, IPAddress client, SmtpServerOptions options, ISmtpApplication application, ILogger logger, TimeProvider time, CancellationToken aborted)
    {
        (_connection, Client, Options, _application, _logger, _time, Aborted) = (connection, client, options, application, logger, time, aborted);
        (_input, _output) = (connection.Transport.Input, connection.Transport.Output);
        _lines = new LineReader(options.MaxCommandLine);
        _deadline = new Deadline(time);
    }

    public SmtpServerOptions Options { get; }

    public IPAddress Client { get; }

    /// <summary>Fires when the server gives up waiting for sessions to end.</summary>
    public CancellationToken Aborted { get; }

    /// <summary>What the client calls itself; null before EHLO or HELO.</summary>
    public string? ClientName { get; set; }

    /// <summary>Whether it said EHLO.</summary>
    public bool Extended { get; set; }

    public bool Encrypted => _tls is not null;

    /// <summary>The mail under way; null between mails.</summary>
    public SmtpTransaction? Transaction { get; set; }

    /// <summary>Whether more had arrived behind the present command before it was answered.</summary>
    public bool HasMore => _lines.HasMore;

    public async Task RunAsync()
    {
        try
        {
            if (!await GreetAsync()) return;
            SmtpReply? reply;
            do
            {
                reply = Judge(await NextAsync());
                reply?.WriteTo(_output);
            }
            while (reply is not { Closes: true });
            await _output.FlushAsync(Aborted);
            if (_tls is not null) await _tls.ShutdownAsync();
        }
        finally
        {
            if (_tls is not null) await _tls.DisposeAsync();
        }
    }

    /// <summary>The server stops: end between commands, not within a mail.</summary>
    public void Stop()
    {
        _stopping = true;
        _input.CancelPendingRead();
    }

    public void Abort() => _connection.Abort();

    /// <summary>Called every second by the server's one timer.</summary>
    public void CheckDeadline(long now)
    {
        switch (_deadline.Check(now))
        {
            case DeadlineState.Passed:
                _input.CancelPendingRead();
                break;
            case DeadlineState.LongPassed:
                // It does not even read our reply.
                Abort();
                break;
        }
    }

    /// <summary>Asks the application, turning its faults into a temporary refusal.</summary>
    public async ValueTask<SmtpReply> AskAsync(Func<ISmtpApplication, CancellationToken, ValueTask<SmtpReply>> question)
    {
        try
        {
            return await question(_application, Aborted);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogApplicationFailed(exception);
            return SmtpReply.LocalError;
        }
    }

    /// <summary>Reads a mail into the application and answers what became of it.</summary>
    public async ValueTask<SmtpReply> ReceiveAsync(SmtpTransaction transaction)
    {
        SmtpReply.StartData.WriteTo(_output);
        await using var sink = await _application.OpenMessageAsync(transaction, Aborted);
        await _output.FlushAsync(Aborted);
        return await new MailReceiver(_input, Options, _deadline, _time, _logger).ReceiveAsync(sink, Aborted);
    }

    /// <summary>Answers STARTTLS and goes on encrypted, knowing nothing of what was said before (RFC 3207 §4.2).</summary>
    public async ValueTask UpgradeAsync(ICertificateSource certificate)
    {
        // What arrived in clear behind the command was put there by somebody who hopes that it counts as said under TLS (CVE-2011-0411).
        if (_input.TryRead(out var injected)) _input.AdvanceTo(injected.Buffer.End);
        SmtpReply.StartTls.WriteTo(_output);
        await _output.FlushAsync(Aborted);
        var tls = new SslStream(new PipeStream(_connection.Transport), leaveInnerStreamOpen: true);
        _deadline.Set(Options.CommandTimeout);
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificateContext = certificate.Current, AllowRenegotiation = false }, Aborted);
        _tls = tls;
        _input = PipeReader.Create(tls, new StreamPipeReaderOptions(leaveOpen: true));
        _output = PipeWriter.Create(tls, new StreamPipeWriterOptions(leaveOpen: true));
        (ClientName, Extended, Transaction) = (null, false, null);
        if (_stopping) _input.CancelPendingRead();
    }

    private async ValueTask<bool> GreetAsync()
    {
        if (Options.GreetingDelay > TimeSpan.Zero) await Task.Delay(Options.GreetingDelay, _time, Aborted);
        // RFC 5321 §3.1: the client waits for the greeting. Who does not is no mail server.
        bool early = _input.TryRead(out var result);
        if (early) _input.AdvanceTo(result.Buffer.Start, result.Buffer.Start);
        var reply = early && !result.Buffer.IsEmpty ? SmtpReply.EarlyTalker : SmtpReply.Greeting(Options.HostName);
        reply.WriteTo(_output);
        await _output.FlushAsync(Aborted);
        return !reply.Closes;
    }

    private async ValueTask<SmtpReply?> NextAsync()
    {
        _deadline.Set(Options.CommandTimeout);
        while (true)
        {
            if (!_input.TryRead(out var result))
            {
                // RFC 2920 §3.2: the replies to a group of commands leave together, when there is nothing left to read.
                await _output.FlushAsync(Aborted);
                if (_stopping) return SmtpReply.ShuttingDown;
                result = await _input.ReadAsync(Aborted);
            }

            var kind = _lines.TryTake(result.Buffer, out var consumed, out var examined);
            _input.AdvanceTo(consumed, examined);
            if (kind == LineKind.Line) return await ExecuteAsync();
            if (kind == LineKind.TooLong) return SmtpReply.CommandTooLong;
            if (kind == LineKind.BareNewline) return SmtpReply.BareNewline;
            if (_lines.IsFlood) return SmtpReply.TooManyErrors;
            if (_stopping) return SmtpReply.ShuttingDown;
            if (_deadline.HasPassed) return SmtpReply.TimedOut;
            if (result.IsCompleted) throw new ConnectionResetException("The client closed the connection.");
        }
    }

    private async ValueTask<SmtpReply?> ExecuteAsync()
    {
        _deadline.Clear();
        if (_stopping) return SmtpReply.ShuttingDown;
        if (++_commands > Options.MaxCommands) return SmtpReply.TooManyCommands;
        return await SmtpCommand.Parse(_lines.Line).ExecuteAsync(this);
    }

    private SmtpReply? Judge(SmtpReply? reply)
    {
        if (reply is { IsError: true, Closes: false } && ++_errors > Options.MaxErrors) return SmtpReply.TooManyErrors;
        return reply;
    }

    [LoggerMessage(LogLevel.Error, "The mail application failed")]
    private partial void LogApplicationFailed(Exception exception);
}
