using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using Smxp.Mail.Smtp.Data;
using Smxp.Mail.Smtp.Replies;

namespace Smxp.Mail.Smtp.Session;

/// <summary>Carries one mail from the connection into the application's sink. A mail that breaks a rule is still read to its end, so that its sender learns why.</summary>
internal sealed partial class MailReceiver(PipeReader input, SmtpServerOptions options, Deadline deadline, TimeProvider time, ILogger logger)
{
    private readonly DataDecoder _decoder = new(options);
    private readonly ILogger _logger = logger;
    private SmtpReply? _fault;
    private long _arrived;

    public async ValueTask<SmtpReply> ReceiveAsync(IMessageSink sink, CancellationToken cancellationToken)
    {
        // A client that pauses misses the first deadline, one that drips misses the second.
        var whole = new Deadline(time);
        whole.Set(options.MessageTimeout);
        while (!_decoder.Ended)
        {
            deadline.Set(options.DataTimeout);
            var result = await input.ReadAsync(cancellationToken);
            var buffer = result.Buffer;
            try
            {
                var taken = await TakeAsync(buffer, sink, cancellationToken);
                _arrived += buffer.Slice(0, taken).Length;
                buffer = buffer.Slice(taken);
            }
            finally
            {
                input.AdvanceTo(buffer.Start);
            }

            if (_decoder.Ended) break;
            if (deadline.HasPassed || whole.HasPassed) return SmtpReply.TimedOut;
            if (result.IsCompleted) throw new ConnectionResetException("The client closed the connection within a mail.");
            // It was told the limit and goes on: enough is enough.
            if (_arrived > 2 * options.MaxMessageBytes) return SmtpReply.TooLarge with { Code = 521 };
        }

        deadline.Clear();
        return Verdict ?? _fault ?? await CommitAsync(sink, cancellationToken);
    }

    private SmtpReply? Verdict => _decoder.Violation switch
    {
        DataViolation.BareNewline => SmtpReply.BareNewlineInMail,
        DataViolation.LineTooLong => SmtpReply.TextLineTooLong,
        DataViolation.HeaderTooLarge => SmtpReply.HeaderTooLarge,
        DataViolation.TooLarge => SmtpReply.TooLarge,
        _ => null,
    };

    private async ValueTask<SequencePosition> TakeAsync(ReadOnlySequence<byte> buffer, IMessageSink sink, CancellationToken cancellationToken)
    {
        foreach (var segment in buffer)
        {
            var rest = segment;
            while (!rest.IsEmpty && !_decoder.Ended)
            {
                int taken = _decoder.Take(rest.Span, out var content);
                var piece = rest[content];
                if (!piece.IsEmpty && _decoder.Violation == DataViolation.None && _fault is null) await WriteAsync(sink, piece, cancellationToken);
                rest = rest[taken..];
                buffer = buffer.Slice(taken);
            }
        }

        return buffer.Start;
    }

    private async ValueTask WriteAsync(IMessageSink sink, ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
    {
        try
        {
            await sink.WriteAsync(piece, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogStoreFailed(exception);
            _fault = exception is IOException ? SmtpReply.OutOfSpace : SmtpReply.LocalError;
        }
    }

    private async ValueTask<SmtpReply> CommitAsync(IMessageSink sink, CancellationToken cancellationToken)
    {
        try
        {
            return await sink.CommitAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogStoreFailed(exception);
            return SmtpReply.LocalError;
        }
    }

    [LoggerMessage(LogLevel.Error, "A mail could not be stored")]
    private partial void LogStoreFailed(Exception exception);
}
