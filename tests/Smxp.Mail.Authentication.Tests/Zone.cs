using System.Net;
using System.Net.Sockets;
using Smxp.Mail.Authentication.Dns;

namespace Smxp.Mail.Authentication.Tests;

/// <summary>DNS as a table: <c>zone["example.com"] = ["MX mail.example.com", "TXT v=spf1 mx -all"]</c>. A name with "FAIL" has no answer, one with "FAIL A" none of that type.
/// PTR stands under the address itself.</summary>
internal sealed class Zone : IMailDns
{
    private readonly Dictionary<string, string[]> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _asked = [];

    public string[] this[string name]
    {
        get => _names[name];
        set => _names[name] = value;
    }

    public IReadOnlyList<string> Asked
    {
        get
        {
            lock (_asked) return [.. _asked];
        }
    }

    public ValueTask<MailDnsAnswer<string>> TextAsync(string name, CancellationToken cancellationToken) => ValueTask.FromResult(Find("TXT", name, static text => text));

    public ValueTask<MailDnsAnswer<IPAddress>> AddressesAsync(string name, AddressFamily family, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Find(family == AddressFamily.InterNetwork ? "A" : "AAAA", name, IPAddress.Parse));

    public ValueTask<MailDnsAnswer<string>> ExchangesAsync(string name, CancellationToken cancellationToken) => ValueTask.FromResult(Find("MX", name, static text => text));

    public ValueTask<MailDnsAnswer<string>> NamesAsync(IPAddress address, CancellationToken cancellationToken) => ValueTask.FromResult(Find("PTR", address.ToString(), static text => text));

    private MailDnsAnswer<T> Find<T>(string type, string name, Func<string, T> read)
    {
        lock (_asked) _asked.Add($"{type} {name}");
        if (!_names.TryGetValue(name, out string[]? lines)) return MailDnsAnswer.Empty<T>(MailDnsStatus.NoName);
        if (lines.Contains("FAIL") || lines.Contains($"FAIL {type}")) return MailDnsAnswer.Empty<T>(MailDnsStatus.TemporaryFailure);
        T[] records = [.. lines.Where(line => line.StartsWith($"{type} ", StringComparison.Ordinal)).Select(line => read(line[(type.Length + 1)..]))];
        return records.Length == 0 ? MailDnsAnswer.Empty<T>(MailDnsStatus.NoData) : MailDnsAnswer.Found<T>(records);
    }
}
