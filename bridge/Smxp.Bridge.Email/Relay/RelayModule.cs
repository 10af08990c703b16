using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Smxp.Bridge.Email.Outbound;
using Smxp.Bridge.Email.Outbound.Dkim;
using Smxp.Bridge.Email.ReturnPaths;
using Smxp.Bridge.Email.Routing;
using Smxp.Plugins.Host;
using Smxp.Plugins.Storage;

namespace Smxp.Bridge.Email.Relay;

/// <summary>Puts together what passes mail on for the hybrid domains: by SMTP in (<see cref="Desk"/>), from SMXP (<see cref="Claims"/>), and out (<see cref="Transport"/>).</summary>
internal sealed class RelayModule
{
    public RelayModule(IServiceProvider services, EmailSettings settings, RoutingModule routing, MailRoutes routes, SmtpSender sender, MailSigner signer, ReturnPathSecret secret, VerpAddresses verp, string spoolDirectory)
    {
        var time = services.GetRequiredService<TimeProvider>();
        var state = services.GetRequiredService<IBridgeState>();
        var intake = services.GetRequiredService<IMessageIntake>();
        var blobs = services.GetRequiredService<IBlobs>();
        var dispatch = services.GetRequiredService<IDispatch>();
        var records = new RelayRecords(state);
        var callForward = new CallForward(new LegacyProbe(routes, sender), time);
        Claims = new HybridClaims(routing.Router, callForward);
        Desk = new RelayDesk(
            routing.Domains, routing.Router, callForward, new SrsAddresses(state, secret, time), verp, intake, services.GetRequiredService<IMailboxes>(), blobs, dispatch, records, settings.HostName, time);
        Notices = new RelayNotices(dispatch, intake, routing.Router, settings.HostName, time);
        Arrivals = new ArrivalNotices(Notices, settings.HostName, time);
        var loggers = services.GetRequiredService<ILoggerFactory>();
        HybridNotices = new HybridNotices(routing.Domains, routing.Router, intake, services.GetRequiredService<IMailboxes>(), dispatch, time, loggers.CreateLogger<HybridNotices>());
        Endings = new RelayEndings(Notices, records, blobs, spoolDirectory, loggers.CreateLogger<RelayEndings>());
        Transport = new RelayTransport(routes, sender, signer, Endings, records, callForward, blobs, settings.HostName, spoolDirectory, loggers.CreateLogger<RelayTransport>());
    }

    public RelayDesk Desk { get; }

    public HybridClaims Claims { get; }

    public RelayNotices Notices { get; }

    public ArrivalNotices Arrivals { get; }

    public HybridNotices HybridNotices { get; }

    public RelayEndings Endings { get; }

    public RelayTransport Transport { get; }
}
