using System.Net;
using System.Net.Sockets;
using Smxp.Host.Configuration;
using Smxp.Plugins.Dns;
using Smxp.Protocol;

namespace Smxp.Host.Federation;

/// <summary>
/// Opens the connections to other servers. It resolves the name itself, holds every address against <see cref="PublicAddress"/>, and connects to the very address it
/// checked, so that a name which answers differently a second time gains nothing.
/// </summary>
internal sealed class PeerConnector(IDnsResolver dns, SmxpOptions options)
{
    private const int MostAddresses = 8;
    private static readonly TimeSpan ConnectTime = TimeSpan.FromSeconds(5);

    /// <summary>The addresses an SVCB record gave beside the name, on the request that opens the connection.</summary>
    public static readonly HttpRequestOptionsKey<IReadOnlyList<IPAddress>> Hints = new("smxp.hints");

    /// <summary>Connects where a stranger's record points.</summary>
    public async ValueTask<System.IO.Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        string host = context.DnsEndPoint.Host.Trim('[', ']');
        if (context.InitialRequestMessage.Options.TryGetValue(Hints, out IReadOnlyList<IPAddress>? hints) && hints.Count > 0)
        {
            // RFC 9460 §7.3: hints save the look-up; where none of them answers, the addresses proper are asked for.
            try
            {
                return await ConnectToAnyAsync(host, context.DnsEndPoint.Port, hints, cancellationToken);
            }
            catch (HttpRequestException)
            {
            }
        }
        return await ConnectToAnyAsync(host, context.DnsEndPoint.Port, await ResolveAsync(host, cancellationToken), cancellationToken);
    }

    private async Task<System.IO.Stream> ConnectToAnyAsync(string host, int port, IReadOnlyList<IPAddress> addresses, CancellationToken cancellationToken)
    {
        IPAddress[] allowed = [.. addresses.Where(address => options.Federation.AllowPrivateNetworks || PublicAddress.Is(address)).Take(MostAddresses)];
        if (allowed.Length == 0) throw new HttpRequestException(HttpRequestError.ConnectionError, $"{host} has no address that this server may connect to");
        string? problem = null;
        foreach (IPAddress address in allowed)
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                limit.CancelAfter(ConnectTime);
                await socket.ConnectAsync(new IPEndPoint(address, port), limit.Token);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (Exception exception) when (exception is SocketException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                socket.Dispose();
                problem = exception is SocketException refused ? refused.SocketErrorCode.ToString() : "timed out";
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
        throw new HttpRequestException(HttpRequestError.ConnectionError, $"no connection to {host}:{port} ({problem})");
    }

    private async Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(host, out IPAddress? literal)) return [literal];
        Task<DnsAnswer?> v4 = dns.ResolveAsync(new DnsQuestion(host, DnsRecordType.A), cancellationToken).AsTask();
        Task<DnsAnswer?> v6 = dns.ResolveAsync(new DnsQuestion(host, DnsRecordType.Aaaa), cancellationToken).AsTask();
        DnsAnswer?[] answers = await Task.WhenAll(v4, v6);
        IPAddress[] addresses = [.. answers.Where(answer => answer is not null).SelectMany(answer => answer!.Records).OfType<AddressData>().Select(data => data.Address)];
        if (addresses.Length > 0) return addresses;
        string why = answers.FirstOrDefault(answer => answer?.Status == DnsStatus.Failed)?.Error ?? "no A or AAAA record";
        throw new HttpRequestException(HttpRequestError.NameResolutionError, $"{host}: {why}");
    }
}
