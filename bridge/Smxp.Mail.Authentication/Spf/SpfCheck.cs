using System.Net;
using System.Net.Sockets;
using Smxp.Mail.Authentication.Dns;

namespace Smxp.Mail.Authentication.Spf;

/// <summary>check_host() of RFC 7208 §4: may this client send for this domain? One object answers for one mail and keeps the count of what the domain made it look up,
/// over includes and redirects: ten terms that ask, two of them in vain, no more.</summary>
internal sealed class SpfCheck
{
    // RFC 7208 §4.6.4.
    private const int MaxTerms = 10;
    private const int MaxVoid = 2;
    private const int MaxNames = 10;

    private readonly IMailDns _dns;
    private readonly SpfRequest _request;
    private readonly IPAddress _client;
    private readonly string _sender;
    private readonly string _senderDomain;
    private readonly long _now;
    private readonly Dictionary<string, string> _validated = new(StringComparer.OrdinalIgnoreCase);
    private int _terms;
    private int _voids;
    private string? _reason;

    private SpfCheck(IMailDns dns, SpfRequest request, string senderDomain, long now)
    {
        _dns = dns;
        _request = request;
        _client = request.Client.IsIPv4MappedToIPv6 ? request.Client.MapToIPv4() : request.Client;
        _now = now;
        _senderDomain = senderDomain;
        // RFC 7208 §4.3: without a local part it is postmaster; §2.4: so it is for the null path.
        int at = request.Sender.LastIndexOf('@');
        _sender = $"{(at > 0 ? request.Sender[..at] : "postmaster")}@{senderDomain}";
    }

    public static async Task<SpfVerdict> RunAsync(IMailDns dns, SpfRequest request, TimeProvider time, CancellationToken cancellationToken)
    {
        bool fromHelo = request.Sender.Length == 0;
        string domain = fromHelo ? request.Helo : request.Sender[(request.Sender.LastIndexOf('@') + 1)..];
        // RFC 7208 §4.3: what is no multi-label name has no policy; an address literal neither.
        if (!DomainName.TryNormalize(domain, out string? name) || !name.Contains('.', StringComparison.Ordinal) || name.StartsWith('['))
            return new SpfVerdict(SpfResult.None, domain, fromHelo, Reason: "no domain to ask");

        var check = new SpfCheck(dns, request, name, time.GetUtcNow().ToUnixTimeSeconds());
        var outcome = await check.HostAsync(name, explain: true, cancellationToken).ConfigureAwait(false);
        return new SpfVerdict(outcome.Result, name, fromHelo, outcome.Mechanism, outcome.Explanation,
            outcome.Result is SpfResult.PermError or SpfResult.TempError ? check._reason : null);
    }

    private async Task<Outcome> HostAsync(string domain, bool explain, CancellationToken cancellationToken)
    {
        if (!DomainName.IsAskable(domain)) return new(SpfResult.None);
        var answer = await _dns.TextAsync(domain, cancellationToken).ConfigureAwait(false);
        if (answer.Failed) return Error(SpfResult.TempError, $"no answer for the record of {domain}");
        string[] records = [.. answer.Records.Where(SpfRecord.IsVersion1)];
        if (records.Length == 0) return new(SpfResult.None);
        if (records.Length > 1) return Error(SpfResult.PermError, $"{domain} has several SPF records");
        if (!SpfRecordParser.TryParse(records[0], out var record, out string? fault)) return Error(SpfResult.PermError, $"in the record of {domain}: {fault}");

        foreach (var directive in record.Directives)
        {
            var (match, failure) = await MatchAsync(directive, domain, cancellationToken).ConfigureAwait(false);
            if (failure is { } error) return new(error);
            if (!match) continue;
            string? explanation = explain && directive.Result == SpfResult.Fail && record.Explanation is not null ? await ExplainAsync(record.Explanation, domain, cancellationToken).ConfigureAwait(false) : null;
            return new(directive.Result, directive.Text, explanation);
        }

        // RFC 7208 §6.1: redirect counts only where there is no "all".
        if (record.Redirect is null || record.Directives.Any(static directive => directive.Mechanism == SpfMechanism.All)) return new(SpfResult.Neutral);
        if (++_terms > MaxTerms) return TooMany();
        string target = await NameAsync(record.Redirect, domain, cancellationToken).ConfigureAwait(false);
        var redirected = await HostAsync(target, explain, cancellationToken).ConfigureAwait(false);
        return redirected.Result == SpfResult.None ? Error(SpfResult.PermError, $"redirect to {target}, which has no record") : redirected;
    }

    private async ValueTask<(bool Match, SpfResult? Failure)> MatchAsync(SpfDirective directive, string domain, CancellationToken cancellationToken)
    {
        switch (directive.Mechanism)
        {
            case SpfMechanism.All: return (true, null);
            case SpfMechanism.Ip4: return (Contains(directive.Network!, directive), null);
            case SpfMechanism.Ip6: return (Contains(directive.Network!, directive), null);
        }

        if (++_terms > MaxTerms) return (false, TooMany().Result);
        string target = directive.Target is null ? domain : await NameAsync(directive.Target, domain, cancellationToken).ConfigureAwait(false);
        return directive.Mechanism switch
        {
            SpfMechanism.Include => await IncludeAsync(target, cancellationToken).ConfigureAwait(false),
            SpfMechanism.A => await AddressAsync(target, directive, _client.AddressFamily, cancellationToken).ConfigureAwait(false),
            SpfMechanism.Exists => await AddressAsync(target, directive, AddressFamily.InterNetwork, cancellationToken).ConfigureAwait(false),
            SpfMechanism.Mx => await ExchangeAsync(target, directive, cancellationToken).ConfigureAwait(false),
            _ => (await ValidatedNameAsync(target, cancellationToken).ConfigureAwait(false) is { } name && DomainName.IsWithin(name, target), null),
        };
    }

    // RFC 7208 §5.2: a pass matches, an error stays one, and a domain without a record is a mistake of whoever includes it.
    private async Task<(bool, SpfResult?)> IncludeAsync(string target, CancellationToken cancellationToken) =>
        (await HostAsync(target, explain: false, cancellationToken).ConfigureAwait(false)).Result switch
        {
            SpfResult.Pass => (true, null),
            SpfResult.TempError => (false, SpfResult.TempError),
            SpfResult.PermError => (false, SpfResult.PermError),
            SpfResult.None => (false, Error(SpfResult.PermError, $"include of {target}, which has no record").Result),
            _ => (false, null),
        };

    // RFC 7208 §5.3 "a", §5.7 "exists": the latter asks for A whatever the client's family, and any answer will do.
    private async Task<(bool, SpfResult?)> AddressAsync(string target, SpfDirective directive, AddressFamily family, CancellationToken cancellationToken)
    {
        if (!DomainName.IsAskable(target)) return Void();
        var answer = await _dns.AddressesAsync(target, family, cancellationToken).ConfigureAwait(false);
        if (answer.Failed) return (false, Error(SpfResult.TempError, $"no answer for the addresses of {target}").Result);
        if (answer.IsVoid) return Void();
        return (directive.Mechanism == SpfMechanism.Exists || answer.Records.Any(address => Contains(address, directive)), null);
    }

    // RFC 7208 §5.4: no fall-back to the address of the name itself.
    private async Task<(bool, SpfResult?)> ExchangeAsync(string target, SpfDirective directive, CancellationToken cancellationToken)
    {
        if (!DomainName.IsAskable(target)) return Void();
        var answer = await _dns.ExchangesAsync(target, cancellationToken).ConfigureAwait(false);
        if (answer.Failed) return (false, Error(SpfResult.TempError, $"no answer for the exchanges of {target}").Result);
        if (answer.IsVoid) return Void();
        if (answer.Records.Count > MaxNames) return (false, Error(SpfResult.PermError, $"{target} has more than {MaxNames} exchanges").Result);
        foreach (string exchange in answer.Records.Select(static name => name.TrimEnd('.')).Where(static name => DomainName.IsAskable(name)))
        {
            var addresses = await _dns.AddressesAsync(exchange, _client.AddressFamily, cancellationToken).ConfigureAwait(false);
            if (addresses.Failed) return (false, Error(SpfResult.TempError, $"no answer for the addresses of {exchange}").Result);
            if (addresses.Records.Any(address => Contains(address, directive))) return (true, null);
        }

        return (false, null);
    }

    // RFC 7208 §5.5 and the macro "p": a name that the address claims and that leads back to it, the one nearest to the target. Failures here only mean "no".
    private async Task<string?> ValidatedNameAsync(string target, CancellationToken cancellationToken)
    {
        if (_validated.TryGetValue(target, out string? known)) return known.Length > 0 ? known : null;
        var answer = await _dns.NamesAsync(_client, cancellationToken).ConfigureAwait(false);
        string? best = null;
        int bestRank = 0;
        foreach (string name in answer.Records.Take(MaxNames).Select(static name => name.TrimEnd('.')).Where(static name => DomainName.IsAskable(name)))
        {
            int rank = DomainName.Same(name, target) ? 3 : DomainName.IsWithin(name, target) ? 2 : 1;
            if (rank <= bestRank) continue;
            var addresses = await _dns.AddressesAsync(name, _client.AddressFamily, cancellationToken).ConfigureAwait(false);
            if (!addresses.Records.Contains(_client)) continue;
            (best, bestRank) = (name, rank);
        }

        _validated[target] = best ?? "";
        return best;
    }

    // RFC 7208 §6.2: whatever is wrong with an explanation, there is then none.
    private async Task<string?> ExplainAsync(MacroString explanation, string domain, CancellationToken cancellationToken)
    {
        string name = await NameAsync(explanation, domain, cancellationToken).ConfigureAwait(false);
        if (!DomainName.IsAskable(name)) return null;
        var answer = await _dns.TextAsync(name, cancellationToken).ConfigureAwait(false);
        if (answer.Records.Count != 1 || !MacroString.TryParseExplanation(answer.Records[0], out var text)) return null;
        string? validated = text.Uses('p') ? await ValidatedNameAsync(domain, cancellationToken).ConfigureAwait(false) : null;
        return text.Expand(letter => Value(letter, domain, validated));
    }

    private async ValueTask<string> NameAsync(MacroString spec, string domain, CancellationToken cancellationToken)
    {
        string? validated = spec.Uses('p') ? await ValidatedNameAsync(domain, cancellationToken).ConfigureAwait(false) : null;
        return spec.ExpandDomain(letter => Value(letter, domain, validated));
    }

    // RFC 7208 §7.2.
    private string Value(char letter, string domain, string? validated) => letter switch
    {
        's' => _sender,
        'l' => _sender[.._sender.LastIndexOf('@')],
        'o' => _senderDomain,
        'd' => domain,
        'i' => _client.AddressFamily == AddressFamily.InterNetwork ? _client.ToString() : string.Join('.', Convert.ToHexStringLower(_client.GetAddressBytes()).AsEnumerable()),
        'p' => validated ?? "unknown",
        'v' => _client.AddressFamily == AddressFamily.InterNetwork ? "in-addr" : "ip6",
        'h' => _request.Helo,
        'c' => _client.ToString(),
        'r' => _request.Receiver,
        't' => _now.ToString(System.Globalization.CultureInfo.InvariantCulture),
        _ => "",
    };

    private bool Contains(IPAddress network, SpfDirective directive)
    {
        if (network.AddressFamily != _client.AddressFamily) return false;
        int bits = network.AddressFamily == AddressFamily.InterNetwork ? directive.Prefix4 : directive.Prefix6;
        byte[] left = network.GetAddressBytes();
        byte[] right = _client.GetAddressBytes();
        int whole = bits / 8;
        return left.AsSpan(0, whole).SequenceEqual(right.AsSpan(0, whole)) && (bits % 8 == 0 || ((left[whole] ^ right[whole]) & (0xff00 >> (bits % 8)) & 0xff) == 0);
    }

    private (bool, SpfResult?) Void() => ++_voids > MaxVoid ? (false, Error(SpfResult.PermError, $"more than {MaxVoid} look-ups found nothing").Result) : (false, null);

    private Outcome TooMany() => Error(SpfResult.PermError, $"more than {MaxTerms} terms ask DNS");

    private Outcome Error(SpfResult result, string reason)
    {
        _reason ??= reason;
        return new(result);
    }

    private readonly record struct Outcome(SpfResult Result, string? Mechanism = null, string? Explanation = null);
}
