using System.Net;
using System.Net.Sockets;
using System.Text;
using Smxp.Mail.Authentication.Dns;
using Smxp.Testing.Dns;

namespace Smxp.Bridge.Email.Tests.EndToEnd;

/// <summary>The texts of a zone, as somebody else's verifier sees them: past any resolver of ours and what it remembers.</summary>
internal sealed class ZoneDns(TestZone zone) : IMailDns
{
    public ValueTask<MailDnsAnswer<string>> TextAsync(string name, CancellationToken cancellationToken)
    {
        string[] texts = [.. zone.Find(name.ToLowerInvariant(), 16).Select(static record => Joined(record.Data))];
        return new(texts.Length == 0 ? MailDnsAnswer.Empty<string>(MailDnsStatus.NoName) : MailDnsAnswer.Found<string>(texts));
    }

    public ValueTask<MailDnsAnswer<IPAddress>> AddressesAsync(string name, AddressFamily family, CancellationToken cancellationToken) => new(MailDnsAnswer.Empty<IPAddress>(MailDnsStatus.NoName));

    public ValueTask<MailDnsAnswer<string>> ExchangesAsync(string name, CancellationToken cancellationToken) => new(MailDnsAnswer.Empty<string>(MailDnsStatus.NoName));

    public ValueTask<MailDnsAnswer<string>> NamesAsync(IPAddress address, CancellationToken cancellationToken) => new(MailDnsAnswer.Empty<string>(MailDnsStatus.NoName));

    private static string Joined(byte[] data)
    {
        var text = new StringBuilder();
        for (int at = 0; at < data.Length; at += data[at] + 1) text.Append(Encoding.UTF8.GetString(data, at + 1, data[at]));
        return text.ToString();
    }
}
