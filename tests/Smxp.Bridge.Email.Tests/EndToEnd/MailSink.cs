using System.Net;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using MimeKit;
using Smxp.Mail.Smtp;
using Smxp.Mail.Smtp.Paths;
using Smxp.Mail.Smtp.Replies;

namespace Smxp.Bridge.Email.Tests.EndToEnd;

/// <summary>The outside world: takes every mail and hands it to the test.</summary>
internal sealed class MailSink : ISmtpApplication, IAsyncDisposable
{
    private readonly Channel<MimeMessage> _mails = Channel.CreateUnbounded<MimeMessage>();
    private readonly SmtpServer _server;

    private MailSink()
    {
        _server = new SmtpServer(new SmtpServerOptions { HostName = "sink.test", Listeners = [new SmtpListener { EndPoint = new IPEndPoint(IPAddress.Loopback, 0) }] }, this, NullLoggerFactory.Instance, TimeProvider.System);
        _server.StartAsync(CancellationToken.None).GetAwaiter().GetResult();
    }

    public static MailSink Start() => new();

    public int Port => ((IPEndPoint)_server.Endpoints[0]).Port;

    public Task<MimeMessage> NextAsync() => _mails.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20));

    public ValueTask<SmtpReply> AcceptSenderAsync(SmtpTransaction transaction, CancellationToken cancellationToken) => new(SmtpReply.SenderOk);

    public ValueTask<SmtpReply> AcceptRecipientAsync(SmtpTransaction transaction, MailPath recipient, CancellationToken cancellationToken) => new(SmtpReply.RecipientOk);

    public ValueTask<IMessageSink> OpenMessageAsync(SmtpTransaction transaction, CancellationToken cancellationToken) => new(new Sink(_mails.Writer));

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private sealed class Sink(ChannelWriter<MimeMessage> mails) : IMessageSink
    {
        private readonly MemoryStream _bytes = new();

        public ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken) => _bytes.WriteAsync(piece, cancellationToken);

        public async ValueTask<SmtpReply> CommitAsync(CancellationToken cancellationToken)
        {
            _bytes.Position = 0;
            await mails.WriteAsync(await MimeMessage.LoadAsync(_bytes, cancellationToken), cancellationToken);
            return SmtpReply.Stored;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
