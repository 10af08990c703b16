using System.Globalization;

namespace Smxp.Bridge.Email.Ledger;

/// <summary>
/// The key of a ledger line: <c>ledger/{time}/{message}[/{outbox entry or hash of a report}]</c>. The time counts backwards, because records are listed in ascending order and the ledger is read from its newest line.
/// What became no message has <c>~</c> and a hash in its place.
/// </summary>
internal static class CrossingKey
{
    public const string Prefix = "ledger/";

    /// <summary>What stands for the id of a message that has none yet (<see cref="Plugins.Host.InboundMessage"/>).</summary>
    public const string PendingId = "{id}";

    private const long End = 9_999_999_999;
    private const char NoMessage = '~';

    /// <summary>The key of a message's line.</summary>
    public static string Of(long at, string id, string? outboxId = null) => outboxId is null ? $"{From(at)}/{id}" : $"{From(at)}/{id}/{outboxId}";

    /// <summary>The key of a line about something that became no message.</summary>
    public static string OfNone(long at, string hash) => $"{From(at)}/{NoMessage}{hash}";

    /// <summary>The key of a line about a report, which became no message but speaks of one.</summary>
    public static string OfReport(long at, string id, string hash) => $"{From(at)}/{id}/{NoMessage}{hash}";

    /// <summary>What the keys of a message's lines begin with, as many entries of the outbox as carried it.</summary>
    public static string PrefixOf(long at, string id) => $"{From(at)}/{id}/";

    /// <summary>What sorts before every line of this second and of earlier ones, and after those of later ones.</summary>
    public static string From(long at) => Prefix + (End - Math.Clamp(at, 0, End)).ToString("D10", CultureInfo.InvariantCulture);

    public static (string? Id, string? OutboxId) Parse(string key)
    {
        string[] parts = key.Split('/');
        return (parts is [_, _, [not NoMessage, ..] id, ..] ? id : null, parts.ElementAtOrDefault(3) is [not NoMessage, ..] outboxId ? outboxId : null);
    }
}
