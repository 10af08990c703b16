using System.Net;
using System.Net.Sockets;
using Smxp.Mail.Authentication.Dns;
using Smxp.Plugins.Dns;

namespace Smxp.Bridge.Email.Inbound.Trust;

/// <summary>The server's resolver, as mail authentication asks it.</summary>
internal sealed class ResolverMailDns(IDnsResolver resolver) : IMailDns
{
    private const int MaxName = 253;
    private const int MaxLabel = 63;

    public ValueTask<MailDnsAnswer<string>> TextAsync(string name, CancellationToken cancellationToken) =>
        AskAsync(name, DnsRecordType.Txt, static records => records.OfType<TextData>().Select(static record => record.Text), cancellationToken);

    public ValueTask<MailDnsAnswer<IPAddress>> AddressesAsync(string name, AddressFamily family, CancellationToken cancellationToken) =>
        AskAsync(name, family == AddressFamily.InterNetwork ? DnsRecordType.A : DnsRecordType.Aaaa, static records => records.OfType<AddressData>().Select(static record => record.Address), cancellationToken);

    public ValueTask<MailDnsAnswer<string>> ExchangesAsync(string name, CancellationToken cancellationToken) =>
        AskAsync(name, DnsRecordType.Mx, static records => records.OfType<MailExchangeData>().OrderBy(static record => record.Preference).Select(static record => record.Exchange), cancellationToken);

    public ValueTask<MailDnsAnswer<string>> NamesAsync(IPAddress address, CancellationToken cancellationToken) =>
        AskAsync(ReverseName.OfAddress(address), DnsRecordType.Ptr, static records => records.OfType<NameData>().Select(static record => record.Name), cancellationToken);

    private async ValueTask<MailDnsAnswer<T>> AskAsync<T>(string name, DnsRecordType type, Func<IReadOnlyList<DnsRecord>, IEnumerable<T>> read, CancellationToken cancellationToken)
    {
        if (!IsAskable(name)) return MailDnsAnswer.Empty<T>(MailDnsStatus.NoName);
        var answer = await resolver.ResolveAsync(new DnsQuestion(name, type), cancellationToken);
        return answer?.Status switch
        {
            DnsStatus.Found => MailDnsAnswer.Found<T>([.. read(answer.Records)]),
            DnsStatus.NoData => MailDnsAnswer.Empty<T>(MailDnsStatus.NoData),
            DnsStatus.NoName => MailDnsAnswer.Empty<T>(MailDnsStatus.NoName),
            _ => MailDnsAnswer.Empty<T>(MailDnsStatus.TemporaryFailure),
        };
    }

    // Strangers put names together (SPF macros); what no question can hold no name server has.
    private static bool IsAskable(string name) => name.Length is > 0 and <= MaxName && System.Text.Ascii.IsValid(name) && name.Split('.').All(static label => label.Length is > 0 and <= MaxLabel);
}
