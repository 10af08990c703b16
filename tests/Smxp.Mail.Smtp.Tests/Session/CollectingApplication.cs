using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Smxp.Mail.Smtp.Paths;
using Smxp.Mail.Smtp.Replies;

namespace Smxp.Mail.Smtp.Tests.Session;

/// <summary>Keeps every mail it is given; refuses recipients named <c>nobody</c>; knows <c>alice</c> by the word <c>sesame</c>.</summary>
internal sealed class CollectingApplication : ISmtpApplication
{
    private int _open;
    private int _written;

    public ConcurrentQueue<ReceivedMail> Mails { get; } = new();

    /// <summary>What a commit waits for.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public Func<SmtpReply>? OnCommit { get; set; }

    public Action? OnOpen { get; set; }

    public Action? OnWrite { get; set; }

    public Action? OnDispose { get; set; }

    /// <summary>How many octets mails were given, in all.</summary>
    public int Written => _written;

    /// <summary>How many mails are open at the moment.</summary>
    public int Open => _open;

    public TaskCompletionSource CommitBegan { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ValueTask<string?> AuthenticateAsync(string user, string secret, IPAddress client, CancellationToken cancellationToken) => (user, secret) switch
    {
        ("alice", "sesame") => new("alice@example.test"),
        ("broken", _) => throw new InvalidOperationException("The directory is down."),
        _ => new((string?)null),
    };

    public ValueTask<SmtpReply> AcceptSenderAsync(SmtpTransaction transaction, CancellationToken cancellationToken) => new(SmtpReply.SenderOk);

    public ValueTask<SmtpReply> AcceptRecipientAsync(SmtpTransaction transaction, MailPath recipient, CancellationToken cancellationToken) => recipient.Local switch
    {
        "nobody" => new(new SmtpReply(550, "5.1.1", "No such recipient here")),
        "broken" => throw new InvalidOperationException("This text must not leave the server."),
        _ => new(SmtpReply.RecipientOk),
    };

    public ValueTask<IMessageSink> OpenMessageAsync(SmtpTransaction transaction, CancellationToken cancellationToken)
    {
        OnOpen?.Invoke();
        Interlocked.Increment(ref _open);
        return new(new Sink(this, transaction));
    }

    private sealed class Sink(CollectingApplication owner, SmtpTransaction transaction) : IMessageSink
    {
        private readonly MemoryStream _bytes = new();

        public ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
        {
            owner.OnWrite?.Invoke();
            _bytes.Write(piece.Span);
            Interlocked.Add(ref owner._written, piece.Length);
            return ValueTask.CompletedTask;
        }

        public async ValueTask<SmtpReply> CommitAsync(CancellationToken cancellationToken)
        {
            owner.CommitBegan.TrySetResult();
            await owner.Gate.WaitAsync(cancellationToken);
            var reply = owner.OnCommit?.Invoke() ?? SmtpReply.Stored;
            if (reply.Code == 250) owner.Mails.Enqueue(new ReceivedMail(transaction, _bytes.ToArray()));
            return reply;
        }

        public ValueTask DisposeAsync()
        {
            Interlocked.Decrement(ref owner._open);
            owner.OnDispose?.Invoke();
            return ValueTask.CompletedTask;
        }
    }
}

/// <summary>A mail as it came.</summary>
internal sealed record ReceivedMail(SmtpTransaction Transaction, byte[] Octets)
{
    public string Text => Encoding.UTF8.GetString(Octets);
}
