using Smxp.Plugins.Dns;
using Smxp.Protocol;

namespace Smxp.Host.Doctor.Checks;

/// <summary>Whether the domain's SVCB record leads to its server (SMXP §7, RFC 9460).</summary>
internal sealed class ServiceCheck : ICheck
{
    public string Name => "SVCB";

    public async Task<Finding> RunAsync(Patient patient, CancellationToken cancellationToken)
    {
        var wanted = patient.Records.Service;
        string remedy = Zone.Line(wanted.Name, wanted.Type, wanted.Value);
        if (!ServiceBinding.TryParse(wanted.Value, out var expected)) return Finding.Skipped("the server does not say what it wants");
        var found = (await patient.Names.FindAsync<ServiceData>(wanted.Name, DnsRecordType.Svcb, cancellationToken)).Select(static data => data.Binding).ToArray();
        if (found.Length == 0) return Finding.Failure($"there is no SVCB record at {wanted.Name}", remedy);
        // RFC 9460 §2.4.2: an alias leads on, wherever its owner wants.
        if (found.FirstOrDefault(static binding => binding.Priority == 0) is { } alias) return Finding.Warning($"an alias to {alias.TargetName}; it is not followed here", remedy);
        return found.Any(binding => IsSame(binding, expected))
            ? Finding.Ok($"{wanted.Name} leads to {expected.TargetName.TrimEnd('.')}, port {expected.Port ?? 443}")
            : Finding.Failure($"it leads elsewhere: {string.Join("; ", found.Select(static binding => binding.ToString()))}", remedy);
    }

    private static bool IsSame(ServiceBinding found, ServiceBinding expected) =>
        found.TargetName.TrimEnd('.').Equals(expected.TargetName.TrimEnd('.'), StringComparison.OrdinalIgnoreCase) && (found.Port ?? 443) == (expected.Port ?? 443);
}
