using Microsoft.Extensions.Logging;
using Smxp.Mail.Smtp.Data;
using Smxp.Mail.Smtp.Replies;

namespace Smxp.Mail.Smtp.Session;

/// <summary>
/// One mail on its way into the application's sink, whichever command brings it, in one piece or in chunks. A mail that breaks a rule, or that was refused from the start,
/// is still read to its end, so that its sender learns why; only its octets go nowhere.
/// </summary>
internal sealed partial class IncomingMail : IAsyncDisposable
{
    private readonly ServerContext _server;
    private readonly ILogger _logger;
    private readonly IMessageSink? _sink;
    private readonly long _began;
    private SmtpReply? _fault;
    private long _arrived;

    private IncomingMail(ServerContext server, BodyType body, IMessageSink? sink, SmtpReply? fault)
    {
        (_server, _logger, _sink, _fault) = (server, server.Logger, sink, fault);
        _began = server.Time.GetTimestamp();
        Rules = new ContentRules(server.Options, body == BodyType.BinaryMime);
    }

    public IncomingMail(ServerContext server, BodyType body, IMessageSink sink)
        : this(server, body, sink, fault: null)
    {
    }

    /// <summary>A mail that nobody takes.</summary>
    public static IncomingMail Refused(ServerContext server, SmtpReply reply) => new(server, BodyType.SevenBit, sink: null, reply);

    /// <summary>What every mail must keep.</summary>
    public ContentRules Rules { get; }

    /// <summary>Why it is not taken; null while nothing speaks against it.</summary>
    public SmtpReply? Refusal => _fault ?? Rules.Violation switch
    {
        DataViolation.BareNewline => SmtpReply.BareNewlineInMail,
        DataViolation.LineTooLong => SmtpReply.TextLineTooLong,
        DataViolation.HeaderTooLarge => SmtpReply.HeaderTooLarge,
        DataViolation.TooLarge => SmtpReply.TooLarge,
        _ => null,
    };

    /// <summary>Takes a piece.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> piece)
    {
        if (piece.IsEmpty || Refusal is not null) return;
        try
        {
            await _sink!.WriteAsync(piece, _server.Aborted);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogStoreFailed(exception);
            _fault = Answer(exception);
        }
    }

    /// <summary>So many bytes came off the wire; the answer where that is enough, or too little in too long.</summary>
    public SmtpReply? Judge(long bytes)
    {
        var options = _server.Options;
        _arrived += bytes;
        // It was told the limit and goes on: enough is enough.
        if (_arrived > 2 * options.MaxMessageBytes) return SmtpReply.FloodOfMail;
        // A client that pauses misses the deadline of a read, one that drips misses these.
        var elapsed = _server.Time.GetElapsedTime(_began);
        if (elapsed > options.MessageTimeout) return SmtpReply.TimedOut;
        return elapsed > options.CommandTimeout + options.DataTimeout && _arrived < elapsed.TotalSeconds * options.MinBytesPerSecond ? SmtpReply.TimedOut : null;
    }

    /// <summary>The mail is whole: hands it over and says what became of it.</summary>
    public async ValueTask<SmtpReply> CommitAsync()
    {
        Rules.End();
        if (Refusal is { } refusal) return refusal;
        try
        {
            return await _sink!.CommitAsync(_server.Aborted);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogStoreFailed(exception);
            return Answer(exception);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_sink is null) return;
        try
        {
            await _sink.DisposeAsync();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // What became of the mail is settled, and the client is to hear it.
            LogStoreFailed(exception);
        }
    }

    /// <summary>What a client is told of a store that failed.</summary>
    public static SmtpReply Answer(Exception exception) => exception is IOException ? SmtpReply.OutOfSpace : SmtpReply.LocalError;

    [LoggerMessage(LogLevel.Error, "A mail could not be stored")]
    private partial void LogStoreFailed(Exception exception);
}
