using System.Security.Cryptography;
using System.Text;
using Smxp.Bridge.Email.Outbound;

namespace Smxp.Bridge.Email.Administration;

/// <summary>What a domain publishes when this server takes and sends its mail. Suggestions: a domain that is stricter, or names more senders, is right as well.</summary>
internal sealed class MailDomainRecords(EmailSettings settings) : IDomainRecords
{
    public ValueTask<IReadOnlyList<WantedRecord>> ForAsync(string domain, CancellationToken cancellationToken) => ValueTask.FromResult<IReadOnlyList<WantedRecord>>(
    [
        new(domain, "MX", $"10 {settings.HostName}.", "mx"),
        new(domain, "TXT", $"v=spf1 mx{Relay()} -all", "spf"), // RFC 7208 §3
        new($"_dmarc.{domain}", "TXT", "v=DMARC1; p=quarantine", "dmarc"), // RFC 7489 §6.3
        new($"_smtp._tls.{domain}", "TXT", $"v=TLSRPTv1; rua=mailto:postmaster@{domain}", "tlsrpt"), // RFC 8460 §3
        new($"_mta-sts.{domain}", "TXT", $"v=STSv1; id={PolicyId()}", "mta-sts"), // RFC 8461 §3.1
    ]);

    /// <summary>With a smart host the mail comes from there.</summary>
    private string Relay() => settings.Outbound.SmartHost is { } url && SmartHost.TryParse(url, out var relay) && System.Net.IPAddress.TryParse(relay.Host, out _) is false ? $" a:{relay.Host}" : "";

    // RFC 8461 §3.1: the id changes when the policy does, and the policy when the host does.
    private string PolicyId() => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(settings.HostName)))[..16];
}
