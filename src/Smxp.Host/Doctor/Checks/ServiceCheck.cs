using Smxp.Plugins.Dns;
using Smxp.Protocol;

namespace Smxp.Host.Doctor.Checks;

/// <summary>Whether the domain's SVCB record leads to its server (SMXP §7, RFC 9460).</summary>
internal sealed class ServiceCheck : ICheck
{
    // RFC 9460 §2.4.2: chains of aliases are followed, but not for ever. As many as the server's own resolution follows.
    private const int MostAliases = 8;

    public string Name => "SVCB";

    public async Task<Finding> RunAsync(Patient patient, CancellationToken cancellationToken)
    {
        var wanted = patient.Records.Service;
        string remedy = Zone.Line(wanted.Name, wanted.Type, wanted.Value), name = wanted.Name.TrimEnd('.');
        if (!ServiceBinding.TryParse(wanted.Value, out var expected)) return Finding.Skipped("the server does not say what it wants");
        var passed = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        while (passed.Add(name) && passed.Count <= MostAliases)
        {
            var found = (await patient.Names.FindAsync<ServiceData>(name, DnsRecordType.Svcb, cancellationToken)).Select(static data => data.Binding).ToArray();
            if (found.Length == 0 && passed.Count == 1) return Finding.Failure($"there is no SVCB record at {name}", remedy);
            // RFC 9460 §3: where an alias leads to a name without SVCB records, the service is that name itself at the default port.
            if (found.Length == 0) found = [new ServiceBinding { Priority = 1, TargetName = name }];
            // RFC 9460 §2.4.1: an alias beside service records wins.
            if (found.FirstOrDefault(static binding => binding.Priority == 0) is not { } alias) return Judge([.. passed], found, expected, remedy);
            // RFC 9460 §2.5.1.
            if (alias.TargetName == ".") return Finding.Failure($"{name} says that there is no service", remedy);
            name = alias.TargetName.TrimEnd('.');
        }

        return Finding.Failure($"the aliases at {wanted.Name} form a loop, or are more than {MostAliases} in a row", remedy);
    }

    /// <summary>What the records at the end of the aliases say. Pure.</summary>
    private static Finding Judge(IReadOnlyList<string> passed, IReadOnlyList<ServiceBinding> found, ServiceBinding expected, string remedy)
    {
        string way = passed.Count == 1 ? "" : $" (by {string.Join(", ", passed.Skip(1))})";
        return found.Any(binding => TargetOf(binding, passed[^1]).Equals(TargetOf(expected, passed[0]), StringComparison.OrdinalIgnoreCase) && PortOf(binding) == PortOf(expected))
            ? Finding.Ok($"{passed[0]} leads to {TargetOf(expected, passed[0])}, port {PortOf(expected)}{way}")
            : Finding.Failure($"it leads elsewhere{way}: {string.Join("; ", found.Select(static binding => binding.ToString()))}", remedy);
    }

    // RFC 9460 §2.5.2: "." is the owner name.
    private static string TargetOf(ServiceBinding binding, string owner) => binding.TargetName == "." ? owner : binding.TargetName.TrimEnd('.');

    private static int PortOf(ServiceBinding binding) => binding.Port ?? 443;
}
