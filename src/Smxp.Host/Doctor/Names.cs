using System.Net;
using Smxp.Plugins.Dns;

namespace Smxp.Host.Doctor;

/// <summary>DNS as the world sees it.</summary>
internal sealed class Names(IDnsResolver dns)
{
    /// <summary>The records of a name; none where there are none.</summary>
    /// <exception cref="UnansweredException">Nobody could say.</exception>
    public async Task<IReadOnlyList<T>> FindAsync<T>(string name, DnsRecordType type, CancellationToken cancellationToken)
        where T : DnsRecord
    {
        var answer = await dns.ResolveAsync(new DnsQuestion(name.TrimEnd('.'), type), cancellationToken);
        if (answer is null or { Status: DnsStatus.Failed }) throw new UnansweredException($"{type.ToString().ToUpperInvariant()} {name}: {answer?.Error ?? "no answer"}");
        return [.. answer.Records.OfType<T>()];
    }

    /// <summary>The texts of a name that begin so.</summary>
    public async Task<IReadOnlyList<string>> TextsAsync(string name, string prefix, CancellationToken cancellationToken) =>
        [.. (await FindAsync<TextData>(name, DnsRecordType.Txt, cancellationToken)).Select(static data => data.Text).Where(text => text.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))];

    /// <summary>The addresses of a host.</summary>
    public async Task<IReadOnlyList<IPAddress>> AddressesAsync(string host, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(host, out var literal)) return [literal];
        var found = await Task.WhenAll(FindAsync<AddressData>(host, DnsRecordType.A, cancellationToken), FindAsync<AddressData>(host, DnsRecordType.Aaaa, cancellationToken));
        return [.. found.SelectMany(static records => records).Select(static data => data.Address)];
    }

    /// <summary>The names an address says it has.</summary>
    public async Task<IReadOnlyList<string>> PointersAsync(IPAddress address, CancellationToken cancellationToken) =>
        [.. (await FindAsync<NameData>(ReverseName(address), DnsRecordType.Ptr, cancellationToken)).Select(static data => data.Name.TrimEnd('.'))];

    /// <summary>Where the names of an address stand (RFC 1035 §3.5, RFC 3596 §2.5).</summary>
    public static string ReverseName(IPAddress address)
    {
        byte[] bytes = address.GetAddressBytes();
        return bytes.Length == 4
            ? $"{string.Join('.', bytes.Reverse())}.in-addr.arpa"
            : $"{string.Join('.', Convert.ToHexStringLower(bytes).Reverse())}.ip6.arpa";
    }
}

/// <summary>A name server did not say.</summary>
internal sealed class UnansweredException(string message) : Exception(message);
