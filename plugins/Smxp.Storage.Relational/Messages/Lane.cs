using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Storage.Relational.Messages;

/// <summary>
/// Kind and direction of an entry in one small number, so that every listing is one range of one index: twice the kind, plus one for what was sent.
/// The numbers are stored, and stand as literals in the partial indexes; they never change.
/// </summary>
internal static class Lane
{
    public const int MessageIn = 0;
    public const int MessageOut = 1;
    public const int FirstReceipt = 6;
    public const int ReadStatus = 8;
    public const int Status = 11;
    public const int Moved = 12;

    private static readonly string[] Kinds = [EnvelopeType.Message, EnvelopeType.Edit, EnvelopeType.Delete, EnvelopeType.Receipt, "read_status", "status", "conversation"];

    /// <summary>Every lane.</summary>
    public static IReadOnlyList<int> All { get; } = [.. Enumerable.Range(0, 2 * Kinds.Length)];

    /// <summary>The lane of a kind and direction; null for a kind there is none of.</summary>
    public static int? Of(string kind, Direction direction)
    {
        int index = Array.IndexOf(Kinds, kind);
        return index < 0 ? null : (index * 2) + (direction == Direction.Out ? 1 : 0);
    }

    public static string KindOf(int lane) => Kinds[lane / 2];

    public static Direction DirectionOf(int lane) => lane % 2 == 0 ? Direction.In : Direction.Out;

    /// <summary>The lanes a query reads; null for all of them.</summary>
    public static int[]? Matching(MailboxQuery query)
    {
        if (query.Kinds is null && query.Direction is null) return null;
        Direction[] directions = query.Direction is { } one ? [one] : [Direction.In, Direction.Out];
        IEnumerable<string> kinds = query.Kinds is { } named ? named.Distinct() : Kinds;
        return [.. from kind in kinds from direction in directions let lane = Of(kind, direction) where lane is not null select lane.Value];
    }
}
