using Smxp.Plugins.Dns;

namespace Smxp.Host.Doctor.Checks;

/// <summary>Whether mail for the domain comes here (RFC 5321 §5).</summary>
internal sealed class ExchangeCheck : ICheck
{
    public string Name => "MX";

    public async Task<Finding> RunAsync(Patient patient, CancellationToken cancellationToken)
    {
        var wanted = patient.For("mx");
        if (wanted.Count == 0) return Finding.Skipped("no bridge takes mail");
        string[] remedies = [.. wanted.Select(static record => record.ToZone())];
        string[] found = [.. (await patient.Names.FindAsync<MailExchangeData>(patient.Domain, DnsRecordType.Mx, cancellationToken)).OrderBy(static data => data.Preference).Select(static data => data.Exchange is "." ? "." : data.Exchange.TrimEnd('.'))];
        if (found.Length == 0) return Finding.Failure("there is no MX record", remedies);
        if (found is ["."]) return Finding.Failure("a null MX says that the domain takes no mail (RFC 7505)", remedies);
        string[] here = [.. found.Where(exchange => patient.Exchangers.Contains(exchange, StringComparer.OrdinalIgnoreCase))];
        if (here.Length == 0) return Finding.Warning($"mail goes elsewhere: {string.Join(", ", found)}. Right while another server hands it on", remedies);
        foreach (string exchange in here)
        {
            // RFC 2181 §10.3: an exchange is a name with addresses, not an alias.
            if ((await patient.Names.FindAsync<NameData>(exchange, DnsRecordType.Cname, cancellationToken)).Count > 0) return Finding.Failure($"{exchange} is an alias, which an MX must not name", $"Give {exchange}. records of type A or AAAA.");
            if ((await patient.Names.AddressesAsync(exchange, cancellationToken)).Count == 0) return Finding.Failure($"{exchange} has no address", $"Give {exchange}. records of type A or AAAA.");
        }

        return Finding.Ok($"mail comes to {string.Join(", ", here)}{(found.Length > here.Length ? $", and to {string.Join(", ", found.Except(here))}" : "")}");
    }
}
