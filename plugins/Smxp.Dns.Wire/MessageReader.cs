using System.Buffers.Binary;
using System.Text;
using Smxp.Plugins.Dns;

namespace Smxp.Dns.Wire;

/// <summary>Reads a DNS response (RFC 1035 §4). Strangers wrote it: every length is checked, and compression only ever leads backwards.</summary>
internal static class MessageReader
{
    private const int HeaderSize = 12;
    private const int LongestName = 255;

    /// <summary>Reads the response to a question.</summary>
    /// <exception cref="FormatException">The bytes are not a response, or not to this question.</exception>
    public static DnsResponse Read(ReadOnlySpan<byte> message, ushort id, DnsQuestion question)
    {
        if (message.Length < HeaderSize) throw new FormatException("the answer is too short");
        ushort flags = BinaryPrimitives.ReadUInt16BigEndian(message[2..]);
        if (BinaryPrimitives.ReadUInt16BigEndian(message) != id || (flags & 0x8000) == 0) throw new FormatException("the answer is to another question");
        if ((flags & 0x0200) != 0) throw new FormatException("the answer is truncated");
        int questions = BinaryPrimitives.ReadUInt16BigEndian(message[4..]), answers = BinaryPrimitives.ReadUInt16BigEndian(message[6..]), authorities = BinaryPrimitives.ReadUInt16BigEndian(message[8..]);
        int offset = HeaderSize;
        if (questions != 1) throw new FormatException("the answer does not repeat the question");
        string name = ReadName(message, ref offset);
        bool isSame = DnsName.Normalize(name) == DnsName.Normalize(question.Name) && ReadUInt16(message, ref offset) == (int)question.Type && ReadUInt16(message, ref offset) == 1;
        if (!isSame) throw new FormatException("the answer is to another question");
        return new DnsResponse(flags & 0xf, (flags & 0x20) != 0, ReadRecords(message, ref offset, answers), ReadRecords(message, ref offset, authorities));
    }

    /// <summary>Reads a name without a trailing dot, or <c>.</c>.</summary>
    /// <exception cref="FormatException">The bytes are not a name.</exception>
    public static string ReadName(ReadOnlySpan<byte> message, ref int offset)
    {
        var name = new StringBuilder();
        int at = offset, end = -1, limit = offset;
        while (true)
        {
            if (at >= message.Length) throw new FormatException("a name runs past the end");
            int length = message[at];
            if (length == 0) break;
            if ((length & 0xc0) == 0xc0)
            {
                if (at + 2 > message.Length) throw new FormatException("a name runs past the end");
                if (end < 0) end = at + 2;
                int target = BinaryPrimitives.ReadUInt16BigEndian(message[at..]) & 0x3fff;
                // RFC 1035 §4.1.4: a pointer leads to a prior occurrence; so no chain of them can be endless.
                if (target >= limit) throw new FormatException("a name points forward");
                at = limit = target;
                continue;
            }
            if (length > DnsName.LongestLabel || at + 1 + length > message.Length || name.Length + length + 1 > LongestName) throw new FormatException("malformed name");
            if (name.Length > 0) name.Append('.');
            foreach (byte octet in message.Slice(at + 1, length))
            {
                // A dot or a control inside a label has no place in a name we could use.
                if (octet is <= 0x20 or (byte)'.' or >= 0x7f) throw new FormatException("a name with an octet that no host name has");
                name.Append((char)octet);
            }
            at += 1 + length;
        }
        offset = end < 0 ? at + 1 : end;
        return name.Length == 0 ? "." : name.ToString();
    }

    private static List<ResourceRecord> ReadRecords(ReadOnlySpan<byte> message, ref int offset, int count)
    {
        var records = new List<ResourceRecord>();
        for (int i = 0; i < count; i++)
        {
            string owner = DnsName.Normalize(ReadName(message, ref offset));
            int type = ReadUInt16(message, ref offset);
            int @class = ReadUInt16(message, ref offset);
            uint timeToLive = (uint)ReadUInt16(message, ref offset) << 16 | (uint)ReadUInt16(message, ref offset);
            int length = ReadUInt16(message, ref offset);
            if (offset + length > message.Length) throw new FormatException("a record runs past the end");
            if (@class == 1) records.Add(ReadRecord(owner, type, timeToLive, message, offset, length));
            offset += length;
        }
        return records;
    }

    private static ResourceRecord ReadRecord(string owner, int type, uint timeToLive, ReadOnlySpan<byte> message, int offset, int length)
    {
        // RFC 2308 §5: the smaller of the SOA's own time and its last field.
        if (type == ResourceRecord.Soa && length >= 22) timeToLive = Math.Min(timeToLive, BinaryPrimitives.ReadUInt32BigEndian(message.Slice(offset + length - 4, 4)));
        try
        {
            return new ResourceRecord(owner, type, timeToLive, RecordData.Read(type, message, offset, length));
        }
        catch (FormatException)
        {
            return new ResourceRecord(owner, type, timeToLive, null, IsMalformed: true);
        }
    }

    private static int ReadUInt16(ReadOnlySpan<byte> message, ref int offset)
    {
        if (offset + 2 > message.Length) throw new FormatException("the answer is cut off");
        offset += 2;
        return BinaryPrimitives.ReadUInt16BigEndian(message[(offset - 2)..]);
    }
}
