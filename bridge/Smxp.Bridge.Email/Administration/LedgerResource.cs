using System.Globalization;
using Smxp.Bridge.Email.Ledger;
using Smxp.Plugins.Bridge;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Administration;

/// <summary><c>GET ledger</c>: what crossed the border, newest first; of the caller's mailbox, or for the administrator of the one named, or the lines that belong to none.</summary>
internal sealed class LedgerResource(CrossingLedger ledger) : IResource
{
    private const int MostLines = 200;

    // A filter that fits little makes a page short rather than a call long.
    private const int MostRead = 5000;

    public async ValueTask<BridgeAnswer?> TryAnswerAsync(BridgeCall call, CancellationToken cancellationToken) =>
        call is { Method: "GET", Segments: ["ledger"] } ? await ListAsync(call, cancellationToken) : null;

    private async Task<BridgeAnswer> ListAsync(BridgeCall call, CancellationToken cancellationToken)
    {
        if (!MailboxOfCall.TryGet(call, out var mailbox)) return BridgeAnswer.Invalid("mailbox is not an address");
        if (!TryReadFilter(call, out var filter, out string? problem)) return BridgeAnswer.Invalid(problem);
        var lines = new List<Crossing>(filter.Limit);
        string? last = call.Query.GetValueOrDefault("after");
        if (last is not null && !last.StartsWith(CrossingKey.Prefix, StringComparison.Ordinal)) return BridgeAnswer.Invalid("after is no place in the ledger");
        int read = 0;
        bool more = false;
        await foreach (var (key, crossing) in ledger.ReadAsync(mailbox, last, cancellationToken))
        {
            if (crossing.At < filter.Since) break;
            more = lines.Count == filter.Limit || read++ == MostRead;
            if (more) break;
            last = key;
            if (filter.Fits(crossing)) lines.Add(crossing);
        }

        return BridgeAnswer.Found(new { Crossings = lines, HasMore = more, Next = more ? last : null });
    }

    private static bool TryReadFilter(BridgeCall call, out Filter filter, out string problem)
    {
        (filter, problem) = (new Filter(), "");
        string? direction = call.Query.GetValueOrDefault("direction"), outcome = call.Query.GetValueOrDefault("outcome");
        if (outcome is not null && !CrossingOutcome.IsKnown(outcome)) problem = "outcome must be accepted, duplicate, refused, reported, sent, waiting or failed";
        if (!TryNumber(call, "since", 0, long.MaxValue, out long since)) problem = "since must be Unix seconds";
        if (!TryNumber(call, "limit", 50, MostLines, out long limit) || limit == 0) problem = $"limit must be from 1 to {MostLines}";
        filter = new Filter { Direction = direction, Outcome = outcome, Since = since, Limit = (int)Math.Min(limit, MostLines) };
        return problem.Length == 0;
    }

    private static bool TryNumber(BridgeCall call, string name, long otherwise, long most, out long number)
    {
        number = otherwise;
        return !call.Query.TryGetValue(name, out string? text) || (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= most);
    }

    private sealed record Filter
    {
        public string? Direction { get; init; }

        public string? Outcome { get; init; }

        public long Since { get; init; }

        public int Limit { get; init; }

        public bool Fits(Crossing crossing) => (Direction is null || crossing.Direction == Direction) && (Outcome is null || crossing.Outcome == Outcome);
    }
}

/// <summary>Which mailbox a call is about: the caller's own, whatever it says; for the administrator the one it names, or none.</summary>
internal static class MailboxOfCall
{
    /// <summary>Reads it from the query; false where the administrator names something that is no address.</summary>
    public static bool TryGet(BridgeCall call, out Address? mailbox) => TryGet(call, call.Query.GetValueOrDefault("mailbox"), out mailbox);

    /// <summary>Takes it as named in a body.</summary>
    public static bool TryGet(BridgeCall call, string? named, out Address? mailbox)
    {
        mailbox = call.Mailbox;
        return mailbox is not null || named is null || Address.TryParse(named, out mailbox);
    }
}
