namespace Smxp.Host.Doctor.Checks;

/// <summary>Whether the mail server's address has a name that leads back to it, without which much of the world takes no mail from it (RFC 1912 §2.1).</summary>
internal sealed class ReverseCheck : ICheck
{
    public string Name => "Reverse DNS";

    public async Task<Finding> RunAsync(Patient patient, CancellationToken cancellationToken)
    {
        if (patient.Exchangers is not [var host, ..]) return Finding.Skipped("no bridge sends mail");
        var addresses = await patient.Names.AddressesAsync(host, cancellationToken);
        if (addresses.Count == 0) return Finding.Failure($"{host} has no address", $"Give {host}. records of type A or AAAA.");
        foreach (var address in addresses)
        {
            string remedy = Zone.Line(Names.ReverseName(address), "PTR", $"{host}.");
            var names = await patient.Names.PointersAsync(address, cancellationToken);
            if (names.Count == 0) return Finding.Failure($"{address} has no name", $"Ask whoever gave you the address for: {remedy}");
            var back = await Task.WhenAll(names.Select(name => patient.Names.AddressesAsync(name, cancellationToken)));
            if (!back.Any(found => found.Contains(address))) return Finding.Failure($"{address} is named {string.Join(", ", names)}, which does not lead back to it", $"Ask whoever gave you the address for: {remedy}");
            if (!names.Contains(host, StringComparer.OrdinalIgnoreCase)) return Finding.Warning($"{address} is named {string.Join(", ", names)}, and the server greets as {host}", $"Ask whoever gave you the address for: {remedy}");
        }

        return Finding.Ok($"{string.Join(", ", addresses)} ↔ {host}");
    }
}
