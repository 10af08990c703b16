using System.Buffers;
using Microsoft.AspNetCore.Connections;
using Smxp.Mail.Smtp.Data;
using Smxp.Mail.Smtp.Replies;

namespace Smxp.Mail.Smtp.Session;

/// <summary>Carries octets from the connection into a mail, up to the dot or the end of a chunk.</summary>
internal static class MailReceiver
{
    /// <summary>Null when all arrived, whatever was in it; else the reply with which the connection ends.</summary>
    public static async ValueTask<SmtpReply?> ReceiveAsync(SmtpChannel channel, IncomingMail mail, IContentDecoder decoder, SmtpServerOptions options, CancellationToken cancellationToken)
    {
        while (!decoder.Ended)
        {
            channel.Deadline.Set(options.DataTimeout);
            var result = await channel.Input.ReadAsync(cancellationToken);
            var rest = result.Buffer;
            long taken = rest.Length;
            try
            {
                rest = await TakeAsync(rest, mail, decoder);
                taken -= rest.Length;
            }
            finally
            {
                channel.Input.AdvanceTo(rest.Start);
            }

            if (mail.Judge(taken) is { } enough) return enough;
            if (decoder.Ended) break;
            if (channel.Deadline.HasPassed) return SmtpReply.TimedOut;
            if (result.IsCompleted) throw new ConnectionResetException("The client closed the connection within a mail.");
        }

        channel.Deadline.Clear();
        return null;
    }

    private static async ValueTask<ReadOnlySequence<byte>> TakeAsync(ReadOnlySequence<byte> buffer, IncomingMail mail, IContentDecoder decoder)
    {
        foreach (var segment in buffer)
        {
            var rest = segment;
            while (!rest.IsEmpty && !decoder.Ended)
            {
                int taken = decoder.Take(rest.Span, out var content);
                await mail.WriteAsync(rest[content]);
                rest = rest[taken..];
                buffer = buffer.Slice(taken);
            }
        }

        return buffer;
    }
}
