using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Smxp.Bridge.Email.Inbound;
using Smxp.Bridge.Email.Inbound.Reports;
using Smxp.Bridge.Email.Ledger;
using Smxp.Bridge.Email.Outbound;
using Smxp.Bridge.Email.Outbound.Links;
using Smxp.Bridge.Email.Outbound.Receipts;
using Smxp.Bridge.Email.Threads;
using Smxp.Mail.Smtp;
using Smxp.Mail.Smtp.Tls;
using Smxp.Plugins.Bridge;
using Smxp.Plugins.Delivery;
using Smxp.Plugins.Dns;
using Smxp.Plugins.Host;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Bridge.Email;

/// <summary>
/// The bridge to email. <c>Inbound/</c> takes mail over SMTP and puts it into mailboxes, <c>Outbound/</c> sends messages as mail, <c>Mapping/</c> says (purely) what becomes what,
/// <c>Threads/</c> which conversation a mail belongs to, and <c>Ledger/</c> what is remembered of each mail, in the same transaction as the message.
/// </summary>
internal sealed class EmailBridge(SmtpServer server, EmailTransport transport, Originals originals, string spoolDirectory) : IBridge, IAsyncDisposable
{
    /// <summary>The bridge's name, and its transport's.</summary>
    public const string BridgeName = "email";

    public string Name => BridgeName;

    public IReadOnlyList<ITransport> Transports { get; } = [transport];

    public static EmailBridge Create(IServiceProvider services, EmailSettings settings)
    {
        var loggers = services.GetRequiredService<ILoggerFactory>();
        var time = services.GetRequiredService<TimeProvider>();
        var paths = services.GetRequiredService<ServerPaths>();
        var state = services.GetRequiredService<IBridgeState>();
        var mailboxes = services.GetRequiredService<IMailboxes>();
        var blobs = services.GetRequiredService<IBlobs>();
        var contentTypes = services.GetRequiredService<IContentTypes>();
        var intake = services.GetRequiredService<IMessageIntake>();

        var mails = new MailRecords(state);
        var originals = new Originals(mails, blobs);
        var groups = new GroupMails(state);
        var threads = new ThreadFinder(mailboxes, mails, groups);
        var reports = new MailReports(mailboxes, intake, new SentMessages(mailboxes, groups), time, loggers.CreateLogger<MailReports>());
        var delivery = new MailDelivery(intake, blobs, contentTypes, threads, services.GetRequiredService<IConversations>(), new Replacements(mailboxes, mails), reports, mails, settings, time, loggers.CreateLogger<MailDelivery>());
        string spool = paths.Resolve("spool");
        var application = new InboundApplication(intake, delivery, settings, spool);
        var server = new SmtpServer(ServerOptions(settings, paths, loggers), application, loggers, time);

        var composer = new MailComposer(
            blobs, new BodyWriter(contentTypes), new ForwardWriter(originals, contentTypes, spool), new ThreadHeaders(mailboxes, mails, groups), groups, new LargeFiles(blobs, state, settings.Outbound, time));
        var routes = new MailRoutes(services.GetRequiredService<IDnsResolver>(), settings.Outbound);
        var sender = OutboundModule.CreateSender(services, settings, routes);
        var transport = new EmailTransport(
            routes, composer, new HeldMessages(mailboxes), groups, new Retractions(mailboxes, time), new ReadNotices(mailboxes, new ReceiptRequests(state), sender, settings.HostName, spool), sender,
            settings.Outbound, spool, loggers.CreateLogger<EmailTransport>());
        return new EmailBridge(server, transport, originals, spool);
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        MessageSpool.Sweep(spoolDirectory);
        return server.StartAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => server.StopAsync(cancellationToken);

    public Task<OriginalDocument?> OpenOriginalAsync(Address mailbox, string messageId, CancellationToken cancellationToken) =>
        originals.OpenAsync(mailbox, messageId, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        await transport.DisposeAsync();
    }

    private static SmtpServerOptions ServerOptions(EmailSettings settings, ServerPaths paths, ILoggerFactory loggers) => new()
    {
        HostName = settings.HostName,
        Listen = [.. (settings.Smtp.Listen ?? SmtpSettings.DefaultListen).Select(IPEndPoint.Parse)],
        Certificate = settings.Smtp is { CertificateFile: { } certificate, CertificateKeyFile: { } key }
            ? new PemCertificate(paths.Resolve(certificate), paths.Resolve(key), loggers.CreateLogger<PemCertificate>())
            : null,
        MaxMessageBytes = settings.Smtp.MaxMessageBytes,
        MaxRecipients = settings.Smtp.MaxRecipients,
        MaxConnections = settings.Smtp.MaxConnections,
        MaxConnectionsPerClient = settings.Smtp.MaxConnectionsPerClient,
        GreetingDelay = TimeSpan.FromMilliseconds(settings.Smtp.GreetingDelayMilliseconds),
        CommandTimeout = TimeSpan.FromSeconds(settings.Smtp.IdleSeconds),
    };
}
