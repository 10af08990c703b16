using Smxp.Bridge.Email.Outbound;
using Smxp.Mail.Smtp.Paths;
using Smxp.Plugins.Delivery;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Routing;

/// <summary>Asks over SMTP, on the connections that mail goes over too.</summary>
internal sealed class LegacyProbe(MailRoutes routes, SmtpSender sender) : IRecipientProbe
{
    public async Task<HandOver> AskAsync(Address recipient, CancellationToken cancellationToken)
    {
        var route = await routes.FindAsync(recipient.Domain, cancellationToken);
        return await sender.ProbeAsync(route, WirePath.Of(new MailPath(recipient.Local, recipient.Domain)), cancellationToken);
    }
}
