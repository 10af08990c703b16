using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using DnsClient;
using DnsClient.Protocol;
using Smxp.Dns.Wire;
using Smxp.Plugins.Dns;
using SmxpQuestion = Smxp.Plugins.Dns.DnsQuestion;

namespace Smxp.Dns.System;

/// <summary>Asks name servers by way of DnsClient, which draws the ids and ports, falls back to TCP, and goes on to the next server.</summary>
internal sealed class SystemDnsResolver : CachingResolver
{
    private static readonly TimeSpan LongestLookup = TimeSpan.FromSeconds(12);

    // RFC 9715: what fits one packet everywhere; beyond it the answer comes by TCP.
    private const int UdpSize = 1232;

    private readonly LookupClient _client;
    private readonly bool _believesAuthenticated;

    public SystemDnsResolver(SystemDnsSettings settings, TimeProvider time) : base(settings.CacheEntries, LongestLookup, time)
    {
        IPEndPoint[] servers = Servers(settings);
        // RFC 6698 §A.3: the AD bit is worth as much as the way it came. On this machine nobody else writes to it.
        _believesAuthenticated = settings.TrustAuthenticatedData ?? (servers.Length > 0 && servers.All(static server => IPAddress.IsLoopback(server.Address)));
        _client = Create(settings, servers, _believesAuthenticated);
    }

    protected override async Task<(DnsResponse Response, int Size)> AskAsync(SmxpQuestion question, CancellationToken cancellationToken)
    {
        if (_client.NameServers.Count == 0) throw new InvalidOperationException("no name server is known: this machine names none, and no setting does");
        string name = MixCase(question.Name);
        IDnsQueryResponse response = await QueryAsync(name, question, cancellationToken);
        if (!IsAnswerTo(response, name, question)) throw new FormatException("the answer is to another question");
        bool authenticated = _believesAuthenticated && response.Header.IsAuthenticData;
        return (new DnsResponse((int)response.Header.ResponseCode, authenticated, Read(response.Answers), Read(response.Authorities)), response.MessageSize);
    }

    // Its words reach senders and operators: DnsClient's speak of query ids and of the name as it was mixed.
    private async Task<IDnsQueryResponse> QueryAsync(string name, SmxpQuestion question, CancellationToken cancellationToken)
    {
        try
        {
            return await _client.QueryAsync(name, (QueryType)(int)question.Type, QueryClass.IN, cancellationToken);
        }
        catch (DnsResponseException exception)
        {
            string servers = string.Join(", ", _client.NameServers.Select(static server => server.Address));
            string why = exception.GetBaseException() is SocketException socket ? $"does not answer: {socket.Message}" : "does not answer";
            throw new IOException($"the name server {servers} {why}", exception);
        }
    }

    private static IPEndPoint[] Servers(SystemDnsSettings settings) => settings.Servers.Count > 0
        ? [.. settings.Servers.Select(text => SystemDnsSettings.TryParseServer(text, out IPEndPoint? server) ? server! : throw new ArgumentException($"'{text}' is not a name server.", nameof(settings)))]
        : [.. NameServer.ResolveNameServers(skipIPv6SiteLocal: true, fallbackToGooglePublicDns: false).Where(static server => IPAddress.TryParse(server.Address, out _)).Select(static server => new IPEndPoint(IPAddress.Parse(server.Address), server.Port))];

    private static LookupClient Create(SystemDnsSettings settings, IPEndPoint[] servers, bool askForDnsSec)
    {
        LookupClientOptions options = settings.Servers.Count > 0 ? new LookupClientOptions(servers) : new LookupClientOptions();
        options.UseCache = false;
        options.Timeout = TimeSpan.FromMilliseconds(settings.TimeoutMilliseconds);
        options.Retries = 1;
        options.UseTcpFallback = true;
        options.UseRandomNameServer = false;
        options.ContinueOnEmptyResponse = false;
        options.ThrowDnsErrors = false;
        options.ExtendedDnsBufferSize = UdpSize;
        // RFC 6840 §5.8: the DO bit asks for the AD bit, too.
        options.RequestDnsSecRecords = askForDnsSec;
        return new LookupClient(options);
    }

    // Letters in random case come back as they were sent, which a forger who cannot see the question has to guess as well (draft-vixie-dnsext-dns0x20).
    private static string MixCase(string name)
    {
        Span<byte> bits = stackalloc byte[name.Length];
        RandomNumberGenerator.Fill(bits);
        char[] mixed = name.ToCharArray();
        for (int i = 0; i < mixed.Length; i++)
        {
            if ((bits[i] & 1) == 0) mixed[i] = char.ToUpperInvariant(mixed[i]);
        }
        return new string(mixed);
    }

    // Some servers answer with the name in their own case. They are believed; the id, the port and the question still had to be right.
    private static bool IsAnswerTo(IDnsQueryResponse response, string name, SmxpQuestion question) =>
        response.Questions is [var asked, ..]
        && string.Equals(DnsName.Normalize(asked.QueryName.Value), DnsName.Normalize(name), StringComparison.Ordinal)
        && (int)asked.QuestionType == (int)question.Type;

    private static List<ResourceRecord> Read(IReadOnlyList<DnsResourceRecord> records) =>
        [.. records.Where(record => record.RecordClass == QueryClass.IN).Select(Read)];

    private static ResourceRecord Read(DnsResourceRecord record)
    {
        uint timeToLive = (uint)record.InitialTimeToLive;
        if (record is SoaRecord soa) timeToLive = Math.Min(timeToLive, soa.Minimum);
        DnsRecord? data = record switch
        {
            AddressRecord address => new AddressData(address.Address),
            CNameRecord alias => new NameData(Plain(alias.CanonicalName)),
            PtrRecord pointer => new NameData(Plain(pointer.PtrDomainName)),
            MxRecord exchange => new MailExchangeData(exchange.Preference, Plain(exchange.Exchange)),
            TxtRecord text => new TextData(string.Concat(text.Text)),
            TlsaRecord tlsa => new TlsaData((byte)tlsa.CertificateUsage, (byte)tlsa.Selector, (byte)tlsa.MatchingType, [.. tlsa.CertificateAssociationData]),
            // DnsClient knows no SVCB and hands out its bytes.
            UnknownRecord unknown when (int)record.RecordType == (int)DnsRecordType.Svcb => ReadService(unknown),
            _ => null,
        };
        return new ResourceRecord(DnsName.Normalize(record.DomainName.Value), (int)record.RecordType, timeToLive, data);
    }

    private static DnsRecord? ReadService(UnknownRecord record)
    {
        byte[] data = [.. record.Data];
        try
        {
            return RecordData.Read((int)DnsRecordType.Svcb, data, 0, data.Length);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static string Plain(DnsString name) => name.Value.Length > 1 ? name.Value.TrimEnd('.') : name.Value;
}
