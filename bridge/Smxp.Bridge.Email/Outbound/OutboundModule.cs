using System.Diagnostics.Metrics;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Smxp.Bridge.Email.Outbound.Dane;
using Smxp.Bridge.Email.Outbound.MtaSts;
using Smxp.Bridge.Email.Outbound.Smtp;
using Smxp.Plugins.Dns;
using Smxp.Plugins.Host;
using Smxp.Plugins.Storage;

namespace Smxp.Bridge.Email.Outbound;

/// <summary>
/// Puts mail out together: <c>Smtp/</c> speaks to servers, <c>Tls/</c> judges their certificates by what <c>MtaSts/</c> and <c>Dane/</c> found out is demanded of them,
/// <see cref="HostPlan"/> says which servers to try, <c>Forms/</c> makes a mail fit for what a server takes, and <see cref="SmtpSender"/> tries them.
/// </summary>
internal static class OutboundModule
{
    public static SmtpSender CreateSender(IServiceProvider services, EmailSettings settings, MailRoutes routes, string spoolDirectory)
    {
        var outbound = settings.Outbound;
        var time = services.GetRequiredService<TimeProvider>();
        var dns = services.GetRequiredService<IDnsResolver>();
        var authorities = Authorities(outbound, services.GetRequiredService<ServerPaths>());
        var metrics = new OutboundMetrics(services.GetRequiredService<IMeterFactory>());
        var policies = new StsPolicies(
            dns, new StsPolicyFetcher(routes, outbound, authorities), new StsMemory(services.GetRequiredService<IBridgeState>()), metrics, time,
            services.GetRequiredService<ILoggerFactory>().CreateLogger<StsPolicies>());
        var plan = new HostPlan(routes, policies, new DaneLookup(dns), metrics, outbound);
        var pool = new ConnectionPool(new SmtpConnector(settings.HostName, outbound, authorities, metrics, time), outbound, metrics, time);
        return new SmtpSender(plan, pool, new StandBack(time), spoolDirectory);
    }

    private static X509Certificate2Collection Authorities(OutboundSettings settings, ServerPaths paths)
    {
        X509Certificate2Collection authorities = [];
        if (settings.TrustedAuthorities is not { Length: > 0 } path) return authorities;
        authorities.ImportFromPemFile(paths.Resolve(path));
        return authorities.Count > 0 ? authorities : throw new InvalidDataException($"Outbound:TrustedAuthorities: there is no certificate in {paths.Resolve(path)}");
    }
}
