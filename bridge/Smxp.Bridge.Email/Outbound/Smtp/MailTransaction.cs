using System.Buffers;
using System.Text;
using Smxp.Plugins.Delivery;

namespace Smxp.Bridge.Email.Outbound.Smtp;

/// <summary>One mail over an open session: MAIL, RCPT for each recipient, DATA. Where the server offers PIPELINING (RFC 2920) the envelope goes in one piece.</summary>
internal sealed class MailTransaction(SmtpConnection connection, OutgoingMail mail)
{
    private const int PieceSize = 32 * 1024;
    private const int ReadyForMail = 354;

    private readonly HandOver?[] _outcomes = new HandOver?[mail.Recipients.Count];

    /// <summary>Whether the server may have the mail: from here on a broken connection says nothing about it.</summary>
    public bool IsBodySent { get; private set; }

    /// <summary>Carries it out and answers each recipient's outcome, in the mail's order.</summary>
    /// <exception cref="SmtpFault">The session broke.</exception>
    public async Task<IReadOnlyList<HandOver>> RunAsync(string server, CancellationToken cancellationToken)
    {
        if (EnvelopeCommands.Obstacle(mail, connection.Extensions, connection.IsEncrypted) is { } obstacle) return All(new HandOver(HandOverKind.Rejected, $"{server} {obstacle}"));
        var (sender, data) = connection.Extensions.Pipelining ? await PipelineAsync(server, cancellationToken) : await AskInTurnAsync(server, cancellationToken);
        bool anybody = sender.IsPositive && _outcomes.Any(static outcome => outcome is null);
        if (data.Code == ReadyForMail)
        {
            var end = await WriteBodyAsync(anybody, cancellationToken);
            if (anybody) Settle(Judge(server, end));
            if (anybody && end.IsPositive) mail.Taken?.Invoke(connection.Extensions.Notifications);
        }
        else if (anybody)
        {
            Settle(Judge(server, data.IsPositive ? new ServerReply(451, $"{data} instead of 354") : data));
        }

        connection.Mails++;
        // RFC 5321 §4.1.1.5: what was begun and not carried through is taken back. 421 has ended the session.
        if (data.Code != ReadyForMail && connection.IsUsable) await ResetAsync(cancellationToken);
        return [.. _outcomes.Select(static outcome => outcome!)];
    }

    private async Task<(ServerReply Sender, ServerReply Data)> PipelineAsync(string server, CancellationToken cancellationToken)
    {
        var envelope = new StringBuilder(EnvelopeCommands.Mail(mail, connection.Extensions));
        foreach (var recipient in mail.Recipients) envelope.Append(EnvelopeCommands.Recipient(recipient, connection.Extensions));
        envelope.Append("DATA\r\n");
        await connection.WriteAsync(Encoding.UTF8.GetBytes(envelope.ToString()), cancellationToken);
        var sender = await connection.ReadAsync(null, cancellationToken);
        if (!sender.IsPositive) Settle(Judge(server, sender));
        for (int i = 0; i < _outcomes.Length && connection.IsUsable; i++)
        {
            var reply = await connection.ReadAsync(null, cancellationToken);
            if (!reply.IsPositive) _outcomes[i] ??= Judge(server, reply);
        }

        if (!connection.IsUsable)
        {
            Settle(new HandOver(HandOverKind.Deferred, $"{server} ended the session"));
            return (sender, default);
        }

        return (sender, await connection.ReadAsync(null, cancellationToken));
    }

    private async Task<(ServerReply Sender, ServerReply Data)> AskInTurnAsync(string server, CancellationToken cancellationToken)
    {
        var sender = await connection.SayAsync(EnvelopeCommands.Mail(mail, connection.Extensions), cancellationToken);
        if (!sender.IsPositive)
        {
            Settle(Judge(server, sender));
            return (sender, default);
        }

        for (int i = 0; i < _outcomes.Length && connection.IsUsable; i++)
        {
            var reply = await connection.SayAsync(EnvelopeCommands.Recipient(mail.Recipients[i], connection.Extensions), cancellationToken);
            if (!reply.IsPositive) _outcomes[i] = Judge(server, reply);
        }

        if (!connection.IsUsable) Settle(new HandOver(HandOverKind.Deferred, $"{server} ended the session"));
        if (_outcomes.All(static outcome => outcome is not null)) return (sender, default);
        return (sender, await connection.SayAsync("DATA\r\n", cancellationToken));
    }

    // A server that says 354 although it took no recipient gets an empty mail, and that for nobody (RFC 2920 §3.1).
    private async Task<ServerReply> WriteBodyAsync(bool anybody, CancellationToken cancellationToken)
    {
        var stuffing = new DotStuffing();
        byte[] piece = ArrayPool<byte>.Shared.Rent(PieceSize), output = ArrayPool<byte>.Shared.Rent(DotStuffing.RoomFor(PieceSize) + 8);
        try
        {
            int pending = 0;
            if (anybody)
            {
                await using var bytes = mail.Open();
                int read;
                while ((read = await bytes.ReadAsync(piece.AsMemory(0, PieceSize), cancellationToken)) > 0)
                {
                    if (pending > 0) await connection.WriteAsync(output.AsMemory(0, pending), cancellationToken);
                    pending = stuffing.Write(piece.AsSpan(0, read), output);
                }
            }

            stuffing.End.CopyTo(output.AsSpan(pending));
            pending += stuffing.End.Length;
            IsBodySent = anybody;
            await connection.WriteAsync(output.AsMemory(0, pending), cancellationToken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
            ArrayPool<byte>.Shared.Return(output);
        }

        return await connection.ReadAsync(null, cancellationToken);
    }

    private async Task ResetAsync(CancellationToken cancellationToken)
    {
        try
        {
            connection.IsUsable = (await connection.SayAsync("RSET\r\n", cancellationToken)).IsPositive;
        }
        catch (SmtpFault)
        {
            // The outcomes stand; the connection serves nobody any more.
        }
    }

    private void Settle(HandOver outcome)
    {
        for (int i = 0; i < _outcomes.Length; i++) _outcomes[i] ??= outcome;
    }

    private HandOver[] All(HandOver outcome) => [.. _outcomes.Select(_ => outcome)];

    private static HandOver Judge(string server, ServerReply reply) => reply.IsPositive
        ? new HandOver(HandOverKind.Accepted) { Reply = $"{server} answered: {reply}" }
        : new HandOver(reply.IsPermanent ? HandOverKind.Rejected : HandOverKind.Deferred, $"{server} answered: {reply}");
}
