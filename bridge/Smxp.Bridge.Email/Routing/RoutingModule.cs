using Microsoft.Extensions.DependencyInjection;
using Smxp.Plugins.Host;
using Smxp.Plugins.Storage;

namespace Smxp.Bridge.Email.Routing;

/// <summary>Puts together what knows the hybrid domains.</summary>
internal sealed class RoutingModule
{
    public RoutingModule(IServiceProvider services, EmailSettings settings)
    {
        Domains = new HybridDomains(settings.HybridDomains);
        var choices = new DeliveryChoices(services.GetRequiredService<IBridgeState>());
        Router = new AddressRouter(Domains, choices);
        Resource = new RoutingResource(
            Domains, choices, Router, services.GetRequiredService<IMessageIntake>(), services.GetRequiredService<IMailboxes>(), services.GetRequiredService<TimeProvider>());
    }

    public HybridDomains Domains { get; }

    public AddressRouter Router { get; }

    public RoutingResource Resource { get; }
}
