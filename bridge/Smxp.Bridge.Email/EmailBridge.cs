using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Smxp.Bridge.Email.Administration;
using Smxp.Bridge.Email.Inbound;
using Smxp.Bridge.Email.Inbound.Reports;
using Smxp.Bridge.Email.Inbound.Trust;
using Smxp.Bridge.Email.Ledger;
using Smxp.Bridge.Email.Notifications;
using Smxp.Bridge.Email.Outbound;
using Smxp.Bridge.Email.Outbound.Dkim;
using Smxp.Bridge.Email.Outbound.Links;
using Smxp.Bridge.Email.Outbound.Receipts;
using Smxp.Bridge.Email.Puppets;
using Smxp.Bridge.Email.Relay;
using Smxp.Bridge.Email.ReturnPaths;
using Smxp.Bridge.Email.Routing;
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
/// <c>Threads/</c> which conversation a mail belongs to, <c>Ledger/</c> what is remembered of each mail, in the same transaction as the message, <c>Routing/</c> knows which
/// addresses of our domains are still elsewhere, <c>Relay/</c> passes their mail on, <c>ReturnPaths/</c> makes addresses that bounces come back to, <c>Puppets/</c> stand for people elsewhere, and <c>Administration/</c> answers the operator.
/// </summary>
internal sealed class EmailBridge(
    SmtpServer server, EmailTransport transport, IReadOnlyList<ITransport> noted, RelayModule relay, PuppetModule? puppets, OutcomeNews news, Originals originals, EmailApi api, LedgerSweep sweep,
    LargeMails large, string spoolDirectory)
    : IBridge, IBridgeApi, IRecipientClaims, IOutcomeListener, IAsyncDisposable
{
    /// <summary>The bridge's name, and its transport's.</summary>
    public const string BridgeName = "email";

    private readonly EmailClaims _claims = new([relay.Claims, .. puppets is null ? Array.Empty<IClaimant>() : [puppets.Claims]]);

    public string Name => BridgeName;

    public IReadOnlyList<ITransport> Transports => noted;

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
        var originals = new Originals(mails, blobs, settings.HostName);
        var groups = new GroupMails(state);
        var threads = new ThreadFinder(mailboxes, mails, groups);
        var dns = services.GetRequiredService<IDnsResolver>();
        var suffixes = new PublicSuffixUpdates(paths.DataDirectory, settings.Trust.PublicSuffixList);
        var trust = InboundTrust.Create(settings, dns, state, suffixes, time);
        var routing = new RoutingModule(services, settings);
        var routes = new MailRoutes(dns, settings.Outbound, routing.Domains);
        string spool = paths.Resolve("spool");
        var sender = OutboundModule.CreateSender(services, settings, routes, spool);
        var ledger = new CrossingLedger(state);
        var lines = new OutgoingLines(settings.PuppetDomain);
        var arrivals = new InboundLedger(ledger, mails, settings, time, loggers.CreateLogger<InboundLedger>());
        var reports = new MailReports(mailboxes, intake, new SentMessages(mailboxes, groups, mails), new ReportLedger(ledger, time), arrivals, time, loggers.CreateLogger<MailReports>());
        var keys = new SigningKeys(new KeyStore(state, time), intake, dns, settings.HostName, time);
        var signer = new MailSigner(keys, settings.Outbound.Dkim, time);
        var secret = new ReturnPathSecret(state);
        var verp = new VerpAddresses(state, secret, settings.Outbound.ReturnPath == ReturnPathForm.Verp, time);
        var relay = new RelayModule(services, settings, routing, routes, sender, signer, secret, verp, spool);
        var bodies = new BodyWriter(contentTypes);
        var forwards = new ForwardWriter(originals, contentTypes, spool);
        var files = new LargeFiles(blobs, state, settings.Outbound, time);
        MailComposer ComposerFor(IOutgoingThreads outgoing) => new(blobs, bodies, forwards, outgoing, groups, files);
        var composer = ComposerFor(new ThreadHeaders(mailboxes, mails, groups));
        var puppets = settings.PuppetDomain is { } puppetDomain ? new PuppetModule(services, settings, puppetDomain, routes, composer, ComposerFor, signer, sender, relay.Notices, ledger, spool) : null;
        var large = new LargeMails();
        var delivery = new MailDelivery(
            intake, relay.Desk, puppets?.Delivery, blobs, contentTypes, threads, services.GetRequiredService<IConversations>(), new Replacements(mailboxes, mails), reports, mails, arrivals, trust.Mails, relay.Arrivals, large,
            settings, time,
            loggers.CreateLogger<MailDelivery>());
        var space = new SpoolSpace(paths.DataDirectory, settings.Smtp.MinFreeBytes);
        var inbound = new InboundApplication(intake, relay.Desk, verp, puppets?.Desk, delivery, arrivals, trust.Clients, space, settings, spool);
        var submission = new SubmissionModule(services, settings, mails, originals, verp, signer, sender, large, spool);
        var server = new SmtpServer(ServerOptions(settings, paths, loggers), new ListenerApplication(inbound, submission.CreateApplication(inbound, threads, space)), loggers, time);

        var api = new EmailApi([
            new AuthenticationResource(mails), new DkimResource(keys), new DnsResource([new MailDomainRecords(settings), new DkimRecords(keys)]), new PublicSuffixResource(suffixes), routing.Resource,
            new LedgerResource(ledger), new TraceResource(new Traces(mailboxes, mails, ledger)), new ConversationResource(services.GetRequiredService<IConversations>(), time),
        ]);
        var transport = new EmailTransport(
            routes, composer, puppets?.Post, submission.Mails, new HeldMessages(mailboxes), groups, new Retractions(mailboxes, time),
            new ReadNotices(mailboxes, new ReceiptRequests(state), signer, sender, settings.HostName, spool), verp, signer,
            sender, settings.Outbound, spool, loggers.CreateLogger<EmailTransport>());
        var fidelity = new EmailFidelity(settings.Outbound);
        ITransport[] noted =
        [
            new OutboundLedger(transport, fidelity, ledger, lines, time), new OutboundLedger(relay.Transport, fidelity, ledger, lines, time),
        ];
        var news = new OutcomeNews(submission.Notices, relay.Endings, relay.HybridNotices, puppets, new OutcomeLedger(ledger, lines));
        var sweep = new LedgerSweep(ledger, verp, settings.Ledger, time, loggers.CreateLogger<LedgerSweep>());
        return new EmailBridge(server, transport, noted, relay, puppets, news, originals, api, sweep, large, spool);
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

    public ValueTask<RecipientClaim?> ClaimAsync(RecipientQuestion question, CancellationToken cancellationToken) => _claims.ClaimAsync(question, cancellationToken);

    public Task<IReadOnlyList<BridgeRecord>> HearAsync(OutboxEntry entry, OutboxOutcome outcome, CancellationToken cancellationToken) => news.HearAsync(entry, outcome, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await sweep.DisposeAsync();
        await server.DisposeAsync();
        await transport.DisposeAsync();
        large.Dispose();
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
