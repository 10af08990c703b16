using System.Net;
using System.Net.Sockets;

namespace Smxp.Mail.Authentication.Dns;

/// <summary>The DNS look-ups that authentication needs. Names are A-labels without a trailing dot; a name that cannot be asked is answered as <see cref="MailDnsStatus.NoName"/>.
/// Called from several threads; a failure to find out is <see cref="MailDnsStatus.TemporaryFailure"/>, not an exception.</summary>
public interface IMailDns
{
    /// <summary>TXT, each record's strings joined without a space.</summary>
    ValueTask<MailDnsAnswer<string>> TextAsync(string name, CancellationToken cancellationToken);

    /// <summary>A for <see cref="AddressFamily.InterNetwork"/>, AAAA for <see cref="AddressFamily.InterNetworkV6"/>; aliases followed.</summary>
    ValueTask<MailDnsAnswer<IPAddress>> AddressesAsync(string name, AddressFamily family, CancellationToken cancellationToken);

    /// <summary>The exchanges of the MX records, by preference; "." is the null MX (RFC 7505).</summary>
    ValueTask<MailDnsAnswer<string>> ExchangesAsync(string name, CancellationToken cancellationToken);

    /// <summary>PTR: the names an address claims.</summary>
    ValueTask<MailDnsAnswer<string>> NamesAsync(IPAddress address, CancellationToken cancellationToken);
}
