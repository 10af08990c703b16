using System.Net;
using System.Runtime.CompilerServices;
using Smxp.Mail.Smtp;
using Smxp.Plugins.Dns;

namespace Smxp.Bridge.Email.Inbound.Policy;

/// <summary>Asks the lists of the operator's choice about a client (RFC 5782), all at once and once for each mail. A list that does not answer in time lists nobody.</summary>
internal sealed class BlockLists(IReadOnlyList<BlockListSettings> lists, IDnsResolver dns, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    // RFC 5782 §2.1: a listing is 127.0.0.x. Others (127.255.255.x, an address for sale) say that the list, not the client, has a problem.
    private static readonly IPNetwork Listings = IPNetwork.Parse("127.0.0.0/24");

    private readonly ConditionalWeakTable<SmtpTransaction, Task<IReadOnlyList<BlockListing>>> _asked = [];

    /// <summary>The lists that a mail's client is on.</summary>
    public Task<IReadOnlyList<BlockListing>> AskAsync(SmtpTransaction transaction, CancellationToken cancellationToken) => lists.Count == 0
        ? Task.FromResult<IReadOnlyList<BlockListing>>([])
        : _asked.GetValue(transaction, _ => AskAllAsync(Networks.Plain(transaction.Client), cancellationToken));

    private async Task<IReadOnlyList<BlockListing>> AskAllAsync(IPAddress client, CancellationToken cancellationToken)
    {
        var answers = await Task.WhenAll(lists.Select(list => AskInTimeAsync(list, client, cancellationToken)));
        return [.. answers.OfType<BlockListing>()];
    }

    private async Task<BlockListing?> AskInTimeAsync(BlockListSettings list, IPAddress client, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(Patience, time);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await AskOneAsync(list, client, deadline.Token).WaitAsync(deadline.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private async Task<BlockListing?> AskOneAsync(BlockListSettings list, IPAddress client, CancellationToken cancellationToken)
    {
        string name = ReverseName.Below(client, list.Zone);
        var listed = await dns.ResolveAsync(new DnsQuestion(name, DnsRecordType.A), cancellationToken);
        if (listed?.Records.OfType<AddressData>().Any(static record => Listings.Contains(record.Address)) != true) return null;
        var text = await dns.ResolveAsync(new DnsQuestion(name, DnsRecordType.Txt), cancellationToken);
        return new BlockListing(client, list.Zone, text?.Records.OfType<TextData>().FirstOrDefault()?.Text, list.Action == BlockListSettings.Reject);
    }
}

/// <summary>That a client is on a list.</summary>
/// <param name="Client">The client.</param>
/// <param name="Zone">The list.</param>
/// <param name="Reason">Why, in the list's words; null where it does not say.</param>
/// <param name="Refuses">Whether its mail is refused for that.</param>
internal sealed record BlockListing(IPAddress Client, string Zone, string? Reason, bool Refuses)
{
    public override string ToString() => Reason is null ? $"{Client} is listed by {Zone}" : $"{Client} is listed by {Zone}: {Reason}";
}
