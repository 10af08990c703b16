using System.Collections.Concurrent;
using System.Text;
using Smxp.Mail.Smtp.Paths;
using Smxp.Mail.Smtp.Replies;

namespace Smxp.Mail.Smtp.Tests.Session;

/// <summary>Keeps every mail it is given; refuses recipients named <c>nobody</c>.</summary>
internal sealed class CollectingApplication : ISmtpApplication
{
    public ConcurrentQueue<(SmtpTransaction Transaction, string Text)> Mails { get; } = new();

    /// <summary>What a commit waits for.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public Func<SmtpReply>? OnCommit { get; set; }

    public TaskCompletionSource CommitBegan { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ValueTask<SmtpReply> AcceptSenderAsync(SmtpTransaction transaction, CancellationToken cancellationToken) => new(SmtpReply.SenderOk);

    public ValueTask<SmtpReply> AcceptRecipientAsync(SmtpTransaction transaction, MailPath recipient, CancellationToken cancellationToken) => recipient.Local switch
    {
        "nobody" => new(new SmtpReply(550, "5.1.1", "No such recipient here")),
        "broken" => throw new InvalidOperationException("This text must not leave the server."),
        _ => new(SmtpReply.RecipientOk),
    };

    public ValueTask<IMessageSink> OpenMessageAsync(SmtpTransaction transaction, CancellationToken cancellationToken) => new(new Sink(this, transaction));

    private sealed class Sink(CollectingApplication owner, SmtpTransaction transaction) : IMessageSink
    {
        private readonly MemoryStream _bytes = new();

        public ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
        {
            _bytes.Write(piece.Span);
            return ValueTask.CompletedTask;
        }

        public async ValueTask<SmtpReply> CommitAsync(CancellationToken cancellationToken)
        {
            owner.CommitBegan.TrySetResult();
            await owner.Gate.WaitAsync(cancellationToken);
            var reply = owner.OnCommit?.Invoke() ?? SmtpReply.Stored;
            if (reply.Code == 250) owner.Mails.Enqueue((transaction, Encoding.UTF8.GetString(_bytes.ToArray())));
            return reply;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
