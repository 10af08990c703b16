using System.Collections.Frozen;
using Smxp.Plugins.Dns;
using Smxp.Protocol;

namespace Smxp.Dns.Static;

/// <summary>Answers the service question of the domains it was given, and leaves every other question to the next resolver.</summary>
internal sealed class StaticDnsResolver(StaticDnsSettings settings) : IDnsResolver
{
    // The entries never change while the server runs; the time only bounds how long a cache above may keep them.
    private static readonly TimeSpan TimeToLive = TimeSpan.FromHours(1);

    private readonly FrozenDictionary<string, DnsAnswer> _answers = Read(settings);

    public ValueTask<DnsAnswer?> ResolveAsync(DnsQuestion question, CancellationToken cancellationToken) =>
        ValueTask.FromResult(question.Type == DnsRecordType.Svcb ? _answers.GetValueOrDefault(question.Name) : null);

    private static FrozenDictionary<string, DnsAnswer> Read(StaticDnsSettings settings)
    {
        var answers = new Dictionary<string, DnsAnswer>(StringComparer.OrdinalIgnoreCase);
        foreach ((string name, string url) in settings.Hosts)
        {
            if (!DomainName.TryNormalize(name, out string? domain) || !StaticDnsSettings.TryParseEndpoint(url, out Uri? endpoint))
                throw new ArgumentException($"Hosts:{name} is not a domain with a URL.", nameof(settings));
            answers[ServiceBinding.NameFor(domain)] = new DnsAnswer(DnsStatus.Found, [new PinnedEndpointData(endpoint)], TimeToLive);
        }
        return answers.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }
}
