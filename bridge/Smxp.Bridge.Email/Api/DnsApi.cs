using System.Globalization;
using Smxp.Bridge.Email.Outbound.Dkim;
using Smxp.Plugins.Bridge;
using Smxp.Plugins.Dns;

namespace Smxp.Bridge.Email.Api;

/// <summary><c>GET dns/{domain}</c>, for the administrator: the records that email needs at a domain served here, and what DNS shows of them.</summary>
internal sealed class DnsApi(SigningKeys keys, IDnsResolver dns, string hostName) : IApiPart
{
    public Task<BridgeAnswer>? TryAnswer(BridgeCall call, CancellationToken cancellationToken) =>
        call is { IsAdmin: true, Method: "GET", Segments: ["dns", var domain] } ? ShowAsync(domain.ToLowerInvariant(), cancellationToken) : null;

    private async Task<BridgeAnswer> ShowAsync(string domain, CancellationToken cancellationToken)
    {
        if (await keys.ListAsync(domain, cancellationToken) is not { } generations) return BridgeAnswer.NotFound("no such domain here");
        WantedRecord[] wanted =
        [
            new("mx", domain, DnsRecordType.Mx, $"10 {hostName}.", static _ => true, record => record is MailExchangeData { Exchange: var exchange } && exchange.Equals(hostName, StringComparison.OrdinalIgnoreCase)),
            // What a domain publishes beyond these forms is its own affair.
            new("spf", domain, DnsRecordType.Txt, "v=spf1 mx ~all", static record => Begins(record, "v=spf1"), static _ => true),
            new("dmarc", $"_dmarc.{domain}", DnsRecordType.Txt, $"v=DMARC1; p=none; rua=mailto:postmaster@{domain}", static record => Begins(record, "v=DMARC1"), static _ => true),
            new("tls-reports", $"_smtp._tls.{domain}", DnsRecordType.Txt, $"v=TLSRPTv1; rua=mailto:postmaster@{domain}", static record => Begins(record, "v=TLSRPTv1"), static _ => true),
            .. generations.SelectMany(static generation => generation.Keys).Select(key =>
                new WantedRecord("dkim", SigningKeys.RecordName(domain, key), DnsRecordType.Txt, key.Key.DnsRecord, static _ => true, record => record is TextData { Text: var text } && SigningKeys.IsOf(key, text))),
        ];
        return BridgeAnswer.Found(new { Domain = domain, Records = await Task.WhenAll(wanted.Select(record => LookUpAsync(record, cancellationToken))) });
    }

    private async Task<object> LookUpAsync(WantedRecord wanted, CancellationToken cancellationToken)
    {
        var answer = await dns.ResolveAsync(new DnsQuestion(wanted.Name, wanted.Type), cancellationToken);
        DnsRecord[] found = [.. (answer?.Records ?? []).Where(wanted.IsSuch)];
        string status = answer is null or { Status: DnsStatus.Failed } ? "unknown" : found.Length == 0 ? "missing" : found.Any(wanted.IsGood) ? "ok" : "different";
        return new { wanted.Purpose, wanted.Name, Type = wanted.Type == DnsRecordType.Mx ? "MX" : "TXT", wanted.Value, Status = status, Found = found.Select(Text) };
    }

    private static bool Begins(DnsRecord record, string version) => record is TextData { Text: var text } && text.StartsWith(version, StringComparison.OrdinalIgnoreCase);

    private static string Text(DnsRecord record) => record switch
    {
        MailExchangeData exchange => string.Create(CultureInfo.InvariantCulture, $"{exchange.Preference} {exchange.Exchange}"),
        TextData text => text.Text,
        _ => "",
    };

    private sealed record WantedRecord(string Purpose, string Name, DnsRecordType Type, string Value, Func<DnsRecord, bool> IsSuch, Func<DnsRecord, bool> IsGood);
}
