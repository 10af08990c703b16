using Smxp.Plugins.Dns;

namespace Smxp.Host.Doctor.Checks;

/// <summary>Whether the domain says that this server may send its mail (RFC 7208).</summary>
internal sealed class SpfCheck : ICheck
{
    private const string Version = "v=spf1";

    public string Name => "SPF";

    public async Task<Finding> RunAsync(Patient patient, CancellationToken cancellationToken)
    {
        if (patient.For("spf") is not [var wanted, ..]) return Finding.Skipped("no bridge sends mail");
        // RFC 7208 §4.5: the version is all of the record, or a space follows.
        string[] found = [.. (await patient.Names.FindAsync<TextData>(wanted.Name, DnsRecordType.Txt, cancellationToken)).Select(static data => data.Text)
            .Where(static text => text.Equals(Version, StringComparison.OrdinalIgnoreCase) || text.StartsWith(Version + " ", StringComparison.OrdinalIgnoreCase))];
        if (found.Length == 0) return Finding.Failure("there is no SPF record", wanted.ToZone());
        if (found.Length > 1) return Finding.Failure($"there are {found.Length} SPF records, which counts as an error (RFC 7208 §4.5)", $"Leave one: {wanted.ToZone()}");
        string[] terms = found[0].ToLowerInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (terms.Any(static term => term is "+all" or "all")) return Finding.Failure("it lets everybody send in the domain's name (+all)", wanted.ToZone());
        string[] missing = [.. wanted.Value.ToLowerInvariant().Split(' ').Skip(1).Where(static term => !term.EndsWith("all", StringComparison.Ordinal)).Except(terms.Select(static term => term.TrimStart('+')))];
        return missing.Length == 0
            ? Finding.Ok(found[0])
            : Finding.Warning($"'{found[0]}' does not name {string.Join(" ", missing)}; right only where something else in it covers this server", $"Add {string.Join(" ", missing)}, as in: {wanted.ToZone()}");
    }
}
