using System.Globalization;
using System.Runtime.InteropServices;

namespace Smxp.Storage.Relational.Messages.Commits;

/// <summary>Stores the envelopes of one commit, each once: a local send has the same bytes for the sender's and the recipient's mailbox.</summary>
internal sealed class EnvelopeWriter(Statements statements)
{
    private readonly List<(ReadOnlyMemory<byte> Bytes, long No)> _stored = [];

    /// <summary>The number of an envelope that a mailbox shows.</summary>
    public long Store(ReadOnlyMemory<byte> utf8)
    {
        if (Find(utf8) is { } known) return known;
        long stored = Insert(utf8);
        _stored.Add((utf8, stored));
        return stored;
    }

    /// <summary>The number of an envelope on its way out; says whether no mailbox shows it, so that it goes when its outbox entry goes.</summary>
    public long StoreOutgoing(ReadOnlyMemory<byte> utf8, out bool owned)
    {
        long? known = Find(utf8);
        owned = known is null;
        return known ?? Insert(utf8);
    }

    private long? Find(ReadOnlyMemory<byte> utf8)
    {
        foreach ((ReadOnlyMemory<byte> bytes, long no) in _stored)
            if (bytes.Equals(utf8) || bytes.Span.SequenceEqual(utf8.Span)) return no;
        return null;
    }

    private long Insert(ReadOnlyMemory<byte> utf8) =>
        Convert.ToInt64(statements["INSERT INTO envelopes (bytes) VALUES (@p0) RETURNING envelope_no"].Scalar(Array(utf8)), CultureInfo.InvariantCulture);

    // ADO.NET wants an array; most envelopes are one, from end to end.
    private static byte[] Array(ReadOnlyMemory<byte> utf8) =>
        MemoryMarshal.TryGetArray(utf8, out ArraySegment<byte> segment) && segment.Offset == 0 && segment.Count == segment.Array!.Length ? segment.Array : utf8.ToArray();
}
