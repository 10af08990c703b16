using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Smxp.Bridge.Email.Administration;
using Smxp.Bridge.Email.Inbound;
using Smxp.Bridge.Email.Ledger;
using Smxp.Bridge.Email.Outbound;
using Smxp.Bridge.Email.Submission;
using Smxp.Bridge.Email.Threads;
using Smxp.Mail.Smtp;
using Smxp.Mail.Smtp.Limits;
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
/// <c>Threads/</c> which conversation a mail belongs to, <c>Ledger/</c> what is remembered of each mail, in the same transaction as the message, and
/// <c>Administration/</c> answers the operator.
/// </summary>
internal sealed class EmailBridge(SmtpServer server, EmailTransport transport, OutboundLedger noted, Originals originals, EmailApi api, LedgerSweep sweep, string spoolDirectory)
    : IBridge, IBridgeApi, IAsyncDisposable
{
    /// <summary>The bridge's name, and its transport's.</summary>
    public const string BridgeName = "email";

    public string Name => BridgeName;

    public IReadOnlyList<ITransport> Transports { get; } = [noted];

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
        var threads = new ThreadFinder(mailboxes, mails);
        var ledger = new CrossingLedger(state);
        var arrivals = new InboundLedger(ledger, mails, settings, time, loggers.CreateLogger<InboundLedger>());
        var delivery = new MailDelivery(intake, blobs, contentTypes, threads, mails, arrivals, settings, time, loggers.CreateLogger<MailDelivery>());
        string spool = paths.Resolve("spool");
        var inbound = new InboundApplication(intake, delivery, arrivals, settings, spool);
        var submission = new SubmissionApplication(inbound, intake, mailboxes, remote: null, settings.HostName);
        var server = new SmtpServer(ServerOptions(settings, paths, loggers), new ListenerApplication(inbound, submission), loggers, time);

        var composer = new MailComposer(
            blobs, new BodyWriter(contentTypes), new ForwardWriter(originals, contentTypes, spool), new ThreadHeaders(mailboxes, mails), settings.Outbound.MaxMessageBytes);
        var routes = new MailRoutes(services.GetRequiredService<IDnsResolver>(), settings.Outbound);
        var sender = OutboundModule.CreateSender(services, settings, routes);
        var transport = new EmailTransport(routes, composer, sender, spool, loggers.CreateLogger<EmailTransport>());
        var api = new EmailApi(
        [
            new DnsResource([new MailDomainRecords(settings)]),
            new LedgerResource(ledger),
            new TraceResource(new Traces(mailboxes, mails, ledger)),
            new ConversationResource(services.GetRequiredService<IConversations>(), time),
        ]);
        var sweep = new LedgerSweep(ledger, settings.Ledger, time, loggers.CreateLogger<LedgerSweep>());
        return new EmailBridge(server, transport, new OutboundLedger(transport, new EmailFidelity(settings.Outbound), ledger, CrossingDirection.Out, time), originals, api, sweep, spool);
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        MessageSpool.Sweep(spoolDirectory);
        sweep.Start();
        return server.StartAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => server.StopAsync(cancellationToken);

    public Task<OriginalDocument?> OpenOriginalAsync(Address mailbox, string messageId, CancellationToken cancellationToken) =>
        originals.OpenAsync(mailbox, messageId, cancellationToken);

    public Task<BridgeAnswer> AnswerAsync(BridgeCall call, CancellationToken cancellationToken) => api.AnswerAsync(call, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await sweep.DisposeAsync();
        await server.DisposeAsync();
        await transport.DisposeAsync();
    }

    private static SmtpServerOptions ServerOptions(EmailSettings settings, ServerPaths paths, ILoggerFactory loggers) => new()
    {
        HostName = settings.HostName,
        Listeners = [.. RelayListeners(settings.Smtp), .. SubmissionListeners(settings.Submission)],
        Certificate = settings.Smtp is { CertificateFile: { } certificate, CertificateKeyFile: { } key }
            ? new PemCertificate(paths.Resolve(certificate), paths.Resolve(key), loggers.CreateLogger<PemCertificate>())
            : null,
        MaxMessageBytes = settings.Smtp.MaxMessageBytes,
        MaxRecipients = settings.Smtp.MaxRecipients,
        MaxMails = settings.Smtp.MaxMails,
        MaxConnections = settings.Smtp.MaxConnections,
        MaxConnectionsPerClient = settings.Smtp.MaxConnectionsPerClient,
        Rates = new RateLimits
        {
            ConnectionsPerMinute = settings.Smtp.ConnectionsPerMinute,
            MailsPerMinute = settings.Smtp.MailsPerMinute,
            RecipientsPerMinute = settings.Smtp.RecipientsPerMinute,
            Exempt = settings.Smtp.UnlimitedNetworks,
        },
        GreetingDelay = TimeSpan.FromMilliseconds(settings.Smtp.GreetingDelayMilliseconds),
        CommandTimeout = TimeSpan.FromSeconds(settings.Smtp.IdleSeconds),
    };

    private static IEnumerable<SmtpListener> RelayListeners(SmtpSettings settings)
    {
        foreach (var (endpoint, implicitTls) in Endpoints(settings.Listen ?? SmtpSettings.DefaultListen, settings.ImplicitTlsListen))
            yield return new SmtpListener { EndPoint = endpoint, ImplicitTls = implicitTls, ProxyNetworks = settings.ProxyNetworks, XclientNetworks = settings.XclientNetworks };
    }

    private static IEnumerable<SmtpListener> SubmissionListeners(SubmissionSettings settings)
    {
        foreach (var (endpoint, implicitTls) in Endpoints(settings.Listen, settings.ImplicitTlsListen))
        {
            yield return new SmtpListener
            {
                EndPoint = endpoint,
                Kind = SmtpListenerKind.Submission,
                ImplicitTls = implicitTls,
                AllowPlaintextAuthentication = settings.AllowPlaintextOnLoopback && IPAddress.IsLoopback(endpoint.Address),
                ProxyNetworks = settings.ProxyNetworks,
            };
        }
    }

    private static IEnumerable<(IPEndPoint EndPoint, bool ImplicitTls)> Endpoints(string[]? listen, string[]? implicitTls) =>
        (listen ?? []).Select(static text => (IPEndPoint.Parse(text), false)).Concat((implicitTls ?? []).Select(static text => (IPEndPoint.Parse(text), true)));
}
