namespace Smxp.Host.Doctor.Checks;

/// <summary>Whether the domain is told when others cannot reach it by TLS (RFC 8460).</summary>
internal sealed class TlsReportCheck : ICheck
{
    public string Name => "TLSRPT";

    public async Task<Finding> RunAsync(Patient patient, CancellationToken cancellationToken)
    {
        if (patient.For("tlsrpt") is not [var wanted, ..]) return Finding.Skipped("no bridge takes mail");
        var found = await patient.Names.TextsAsync(wanted.Name, "v=TLSRPTv1", cancellationToken);
        if (found.Count == 0) return Finding.Warning($"there is no record at {wanted.Name}: nobody reports failed TLS", wanted.ToZone());
        return found.Count == 1 && found[0].Contains("rua=", StringComparison.Ordinal)
            ? Finding.Ok(found[0])
            : Finding.Failure(found.Count > 1 ? $"there are {found.Count} records, so none counts (RFC 8460 §3)" : $"'{found[0]}' says not where to report", $"Leave one: {wanted.ToZone()}");
    }
}
