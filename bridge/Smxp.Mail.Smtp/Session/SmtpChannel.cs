using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Authentication;
using Microsoft.AspNetCore.Connections;
using Smxp.Mail.Smtp.Replies;
using Smxp.Mail.Smtp.Tls;

namespace Smxp.Mail.Smtp.Session;

/// <summary>A connection as a session sees it: lines in, replies out, encrypted or not, and never waited for longer than its deadline.</summary>
internal sealed class SmtpChannel : IAsyncDisposable
{
    // Replies wait for a quiet moment (RFC 2920 §3.2), but not in any number.
    private const int MostUnflushed = 16384;

    // How long the last replies may be on their way.
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(30);

    private readonly ConnectionContext _connection;
    private readonly SmtpServerOptions _options;
    private readonly TimeProvider _time;
    private readonly CancellationToken _aborted;
    private readonly LineReader _lines;
    private SslStream? _tls;
    private volatile bool _stopping;

    public SmtpChannel(ConnectionContext connection, SmtpServerOptions options, TimeProvider time, CancellationToken aborted)
    {
        (_connection, _options, _time, _aborted) = (connection, options, time, aborted);
        (Input, Output) = (connection.Transport.Input, connection.Transport.Output);
        _lines = new LineReader(options.MaxCommandLine);
        Deadline = new Deadline(time);
    }

    public PipeReader Input { get; private set; }

    public PipeWriter Output { get; private set; }

    public Deadline Deadline { get; }

    public bool IsEncrypted => _tls is not null;

    public bool IsStopping => _stopping;

    /// <summary>The line last read; valid until the next is.</summary>
    public ReadOnlySpan<byte> Line => _lines.Line;

    /// <summary>Whether more had arrived behind the line before it was answered.</summary>
    public bool HasMore => _lines.HasMore;

    /// <summary>The server stops: end between commands, not within a mail.</summary>
    public void Stop()
    {
        _stopping = true;
        Input.CancelPendingRead();
    }

    public void Abort() => _connection.Abort();

    /// <summary>Nothing more is said here; what was may still be on its way for a while.</summary>
    public void Leave() => Deadline.Set(Farewell);

    /// <summary>Called every second by the server's one timer.</summary>
    public void CheckDeadline(long now)
    {
        switch (Deadline.Check(now))
        {
            case DeadlineState.Passed:
                Input.CancelPendingRead();
                break;
            case DeadlineState.LongPassed:
                // It does not even read our reply.
                Abort();
                break;
        }
    }

    /// <summary>Reads a line; null when there is one, else what to say instead.</summary>
    public async ValueTask<SmtpReply?> ReadLineAsync()
    {
        Deadline.Set(_options.CommandTimeout);
        while (true)
        {
            if (Output.UnflushedBytes > MostUnflushed) await Output.FlushAsync(_aborted);
            if (!Input.TryRead(out var result))
            {
                // RFC 2920 §3.2: the replies to a group of commands leave together, when there is nothing left to read.
                await Output.FlushAsync(_aborted);
                if (_stopping) return SmtpReply.ShuttingDown;
                result = await Input.ReadAsync(_aborted);
            }

            var kind = _lines.TryTake(result.Buffer, out var consumed, out var examined);
            Input.AdvanceTo(consumed, examined);
            if (kind == LineKind.Line)
            {
                Deadline.Clear();
                return null;
            }

            if (kind == LineKind.TooLong) return SmtpReply.CommandTooLong;
            if (kind == LineKind.BareNewline) return SmtpReply.BareNewline;
            if (_lines.IsFlood) return SmtpReply.TooManyErrors;
            if (_stopping) return SmtpReply.ShuttingDown;
            if (Deadline.HasPassed) return SmtpReply.TimedOut;
            if (result.IsCompleted) throw new ConnectionResetException("The client closed the connection.");
        }
    }

    /// <summary>Overwrites the line last read, which held a secret.</summary>
    public void ForgetLine() => _lines.Forget();

    /// <summary>Waits, or until the client speaks; true where it spoke. What it said stays to be read.</summary>
    public async ValueTask<bool> SpeaksWithinAsync(TimeSpan span)
    {
        ReadResult result;
        if (span > TimeSpan.Zero)
        {
            using var timer = _time.CreateTimer(static input => ((PipeReader)input!).CancelPendingRead(), Input, span, Timeout.InfiniteTimeSpan);
            result = await Input.ReadAsync(_aborted);
        }
        else if (!Input.TryRead(out result))
        {
            return false;
        }

        bool spoke = !result.Buffer.IsEmpty;
        Input.AdvanceTo(result.Buffer.Start);
        return spoke;
    }

    /// <summary>Goes on encrypted. What arrived in clear is forgotten.</summary>
    public async ValueTask EncryptAsync(ICertificateSource certificate)
    {
        var tls = new SslStream(new PipeStream(_connection.Transport), leaveInnerStreamOpen: true);
        Deadline.Set(_options.HandshakeTimeout);
        try
        {
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificateContext = certificate.Current, AllowRenegotiation = false }, _aborted);
        }
        catch (Exception exception)
        {
            await tls.DisposeAsync();
            if (exception is AuthenticationException) throw new IOException("The TLS handshake failed.", exception);
            throw;
        }

        _tls = tls;
        // A session that waits for its client holds no buffer.
        Input = PipeReader.Create(tls, new StreamPipeReaderOptions(leaveOpen: true, useZeroByteReads: true));
        Output = PipeWriter.Create(tls, new StreamPipeWriterOptions(leaveOpen: true));
        if (_stopping) Input.CancelPendingRead();
    }

    /// <summary>Sends what is still to be sent, and says goodbye to TLS.</summary>
    public async ValueTask CloseAsync()
    {
        Deadline.Set(_options.CommandTimeout);
        await Output.FlushAsync(_aborted);
        if (_tls is not null) await _tls.ShutdownAsync();
    }

    public ValueTask DisposeAsync() => _tls?.DisposeAsync() ?? ValueTask.CompletedTask;
}
