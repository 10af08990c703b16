using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Smxp.Bridge.Email.Outbound.Dane;
using Smxp.Bridge.Email.Outbound.MtaSts;
using Smxp.Bridge.Email.Outbound.Tls;
using Smxp.Plugins.Dns;

namespace Smxp.Bridge.Email.Outbound;

/// <summary>The servers of a route in the order to try, each with what is demanded of TLS towards it: DANE where DNSSEC vouches for it, else the domain's MTA-STS policy, else what there is.</summary>
internal sealed class HostPlan(MailRoutes routes, StsPolicies sts, DaneLookup dane, OutboundMetrics metrics, OutboundSettings settings)
{
    /// <summary>The servers; where one is not to be used, why.</summary>
    public async IAsyncEnumerable<(MailHost? Host, string? Obstacle)> HostsAsync(MailRoute route, MailNeeds needs, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (route.Relay is { } relay)
        {
            yield return (Relay(relay, needs, namesAuthorities: !route.IsLegacy && settings.TrustedAuthorities is { Length: > 0 }), null);
            yield break;
        }

        var policy = settings.MtaSts ? await sts.FindAsync(route.Domain, cancellationToken) : null;
        foreach (string exchanger in route.Hosts)
        {
            var found = await routes.AddressesAsync(exchanger, cancellationToken);
            if (found.Addresses.Count == 0)
            {
                yield return (null, $"{exchanger} has no address that mail may be sent to{(found.Status == DnsStatus.Failed ? " (A and AAAA: no answer)" : "")}");
                continue;
            }

            var (tls, obstacle) = await PolicyAsync(route, policy, exchanger, found.Authenticated, needs, cancellationToken);
            if (tls is null)
            {
                yield return (null, obstacle);
                continue;
            }

            foreach (var address in found.Addresses.OrderBy(static address => address.AddressFamily == AddressFamily.InterNetworkV6 ? 0 : 1)) yield return (new MailHost(exchanger, address, settings.Port, tls), null);
        }
    }

    private static MailHost Relay(SmartHost relay, MailNeeds needs, bool namesAuthorities)
    {
        var host = MailHost.Of(relay, namesAuthorities);
        return needs.HasFlag(MailNeeds.VerifiedTls) ? host with { Policy = TlsPolicy.RequireTls(relay.Host) } : host;
    }

    private async ValueTask<(TlsPolicy? Policy, string? Obstacle)> PolicyAsync(MailRoute route, StsPolicy? policy, string exchanger, bool addressesAuthenticated, MailNeeds needs, CancellationToken cancellationToken)
    {
        // RFC 7672 §2.2: TLSA records speak for a server only where MX and addresses are vouched for as well.
        if (settings.Dane && route.Authenticated && addressesAuthenticated)
        {
            var answer = await dane.FindAsync(exchanger, settings.Port, cancellationToken);
            if (answer.Kind == DaneKind.Failed)
            {
                metrics.TlsFailed(route.Domain, "dane", "dnssec-invalid");
                return (null, $"{exchanger}: whether it has TLSA records (DANE) could not be found out: {answer.Error ?? "no answer"}");
            }

            // RFC 8461 §2: where both are there, MTA-STS does not soften DANE. RFC 8689 §4.2.1 takes either, but not a certificate that nobody checked.
            bool enough = answer.Usable.Count > 0 || !needs.HasFlag(MailNeeds.VerifiedTls);
            if (answer.Kind == DaneKind.Found && enough) return (TlsPolicy.Dane(route.Domain, answer.Usable), null);
        }

        if (policy is { Mode: not StsMode.None } && !policy.Covers(exchanger))
        {
            metrics.TlsFailed(route.Domain, "sts", "validation-failure");
            if (policy.Mode == StsMode.Enforce) return (null, $"{exchanger} is not among the mail servers that the MTA-STS policy of {route.Domain} names");
        }

        if (needs.HasFlag(MailNeeds.VerifiedTls)) return (TlsPolicy.RequireTls(route.Domain), null);
        return (policy?.Mode switch { StsMode.Enforce => TlsPolicy.Sts(route.Domain), StsMode.Testing => TlsPolicy.StsTesting(route.Domain), _ => TlsPolicy.Opportunistic }, null);
    }
}
