using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Smxp.Bridge.Email.Ledger;
using Smxp.Bridge.Email.Outbound;
using Smxp.Bridge.Email.Outbound.Dkim;
using Smxp.Bridge.Email.Relay;
using Smxp.Bridge.Email.Routing;
using Smxp.Bridge.Email.Threads;
using Smxp.Plugins.Dns;
using Smxp.Plugins.Host;
using Smxp.Plugins.Storage;

namespace Smxp.Bridge.Email.Puppets;

/// <summary>
/// Puts together what lets people on SMXP servers without a bridge write to email, and be written to, by way of a domain of ours whose addresses stand for others: from SMXP
/// (<see cref="Claims"/>) out (<see cref="Post"/>), from SMTP (<see cref="Desk"/>) on to SMXP (<see cref="Delivery"/>), and what fails on either side (<see cref="Failures"/>).
/// </summary>
internal sealed class PuppetModule
{
    public PuppetModule(
        IServiceProvider services, EmailSettings settings, string domainName, MailRoutes routes, MailComposer own, Func<IOutgoingThreads, MailComposer> composerFor, MailSigner signer, SmtpSender sender,
        RelayNotices notifications, CrossingLedger ledger, string spoolDirectory)
    {
        var time = services.GetRequiredService<TimeProvider>();
        var blobs = services.GetRequiredService<IBlobs>();
        var dispatch = services.GetRequiredService<IDispatch>();
        var domain = new PuppetDomain(domainName, settings.Puppets, services.GetRequiredService<IMessageIntake>());
        var records = new PuppetRecords(services.GetRequiredService<IBridgeState>());
        var threads = new PuppetThreads(domain, records);
        var notices = new PuppetNotices(domain, dispatch, time);
        var foreign = composerFor(threads);
        Claims = new PuppetClaims(domain, new SenderPace(settings.Puppets.MessagesPerHour, time), services.GetRequiredService<IDnsResolver>());
        Post = new PuppetPost(domain, routes, own, foreign, threads, signer, sender, spoolDirectory, services.GetRequiredService<ILoggerFactory>().CreateLogger<PuppetPost>());
        Desk = new PuppetDesk(domain, records, settings.HostName);
        Ledger = new PuppetLedger(ledger, records, time);
        Delivery = new PuppetDelivery(domain, Desk, threads, records, notices, Ledger, blobs, dispatch, time);
        Failures = new PuppetFailures(domain, records, notices, notifications, spoolDirectory);
    }

    public IClaimant Claims { get; }

    public PuppetPost Post { get; }

    public PuppetDesk Desk { get; }

    public PuppetDelivery Delivery { get; }

    public PuppetFailures Failures { get; }

    public PuppetLedger Ledger { get; }
}
