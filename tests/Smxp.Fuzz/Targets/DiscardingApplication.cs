using System.Net;
using Smxp.Mail.Smtp;
using Smxp.Mail.Smtp.Paths;
using Smxp.Mail.Smtp.Replies;

namespace Smxp.Fuzz.Targets;

/// <summary>Takes every mail and keeps none; refuses recipients named <c>nobody</c>; knows <c>alice</c> by the word <c>sesame</c>.</summary>
internal sealed class DiscardingApplication : ISmtpApplication
{
    private int _open;

    /// <summary>How many mails are open.</summary>
    public int Open => _open;

    public ValueTask<string?> AuthenticateAsync(string user, string secret, IPAddress client, CancellationToken cancellationToken) =>
        new((user, secret) == ("alice", "sesame") ? "alice@example.test" : null);

    public ValueTask<SmtpReply> AcceptSenderAsync(SmtpTransaction transaction, CancellationToken cancellationToken) => new(SmtpReply.SenderOk);

    public ValueTask<SmtpReply> AcceptRecipientAsync(SmtpTransaction transaction, MailPath recipient, CancellationToken cancellationToken) =>
        new(recipient.Local == "nobody" ? new SmtpReply(550, "5.1.1", "No such recipient here") : SmtpReply.RecipientOk);

    public ValueTask<IMessageSink> OpenMessageAsync(SmtpTransaction transaction, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _open);
        return new(new Sink(this, transaction));
    }

    private sealed class Sink(DiscardingApplication owner, SmtpTransaction transaction) : IMessageSink
    {
        private byte _last;

        public ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
        {
            foreach (byte octet in piece.Span)
            {
                // Lines end in CRLF and nothing else: a bare LF is how a second mail is smuggled in.
                WrongOutcomeException.Unless(transaction.Body == BodyType.BinaryMime || octet != '\n' || _last == '\r', "a bare LF came through");
                _last = octet;
            }

            return ValueTask.CompletedTask;
        }

        public ValueTask<SmtpReply> CommitAsync(CancellationToken cancellationToken) => new(SmtpReply.Stored);

        public ValueTask DisposeAsync()
        {
            Interlocked.Decrement(ref owner._open);
            return ValueTask.CompletedTask;
        }
    }
}
