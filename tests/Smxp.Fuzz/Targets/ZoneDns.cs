using System.Net;
using System.Net.Sockets;
using Smxp.Mail.Authentication.Dns;

namespace Smxp.Fuzz.Targets;

/// <summary>Every name has the same records: those of the lines.</summary>
internal sealed class ZoneDns(IReadOnlyList<string> lines) : IMailDns
{
    public ValueTask<MailDnsAnswer<string>> TextAsync(string name, CancellationToken cancellationToken) => new(Answer(Find("TXT ")));

    public ValueTask<MailDnsAnswer<IPAddress>> AddressesAsync(string name, AddressFamily family, CancellationToken cancellationToken) =>
        new(Answer(Find("A ").Select(static text => IPAddress.TryParse(text, out var address) ? address : null).OfType<IPAddress>().Where(address => address.AddressFamily == family)));

    public ValueTask<MailDnsAnswer<string>> ExchangesAsync(string name, CancellationToken cancellationToken) => new(Answer(Find("MX ")));

    public ValueTask<MailDnsAnswer<string>> NamesAsync(IPAddress address, CancellationToken cancellationToken) => new(Answer(Find("PTR ")));

    private IEnumerable<string> Find(string type) => lines.Where(line => line.StartsWith(type, StringComparison.Ordinal)).Select(line => line[type.Length..]);

    private static MailDnsAnswer<T> Answer<T>(IEnumerable<T> records) => records.ToArray() is { Length: > 0 } found ? MailDnsAnswer.Found<T>(found) : MailDnsAnswer.Empty<T>(MailDnsStatus.NoData);
}
