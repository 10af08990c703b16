using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Smxp.Protocol;

namespace Smxp.Testing.Dns;

/// <summary>What the test name servers know: records by name and type. A codec of its own, so that it shares no mistake with the one under test.</summary>
public sealed class TestZone
{
    private readonly ConcurrentDictionary<(string Name, ushort Type), List<(uint TimeToLive, byte[] Data)>> _records = new();

    /// <summary>How often each question was asked.</summary>
    public ConcurrentDictionary<(string Name, ushort Type), int> Asked { get; } = new();

    /// <summary>The response code for names in it; 0 is none.</summary>
    public ConcurrentDictionary<string, int> Codes { get; } = new();

    /// <summary>The time answers may be kept, seconds.</summary>
    public uint TimeToLive { get; set; } = 60;

    /// <summary>Names whose records no signature covers, where the others' are vouched for; null for none at all.</summary>
    public HashSet<string>? Unsigned { get; set; }

    public TestZone Address(string name, string address)
    {
        var ip = IPAddress.Parse(address);
        return Raw(name, ip.GetAddressBytes().Length == 4 ? (ushort)1 : (ushort)28, ip.GetAddressBytes());
    }

    public TestZone Text(string name, params string[] strings) =>
        Raw(name, 16, [.. strings.SelectMany(text => Encoding.UTF8.GetBytes(text).Prepend((byte)Encoding.UTF8.GetByteCount(text)))]);

    public TestZone Alias(string name, string target) => Raw(name, 5, Name(target));

    public TestZone Exchange(string name, ushort preference, string exchange) => Raw(name, 15, [(byte)(preference >> 8), (byte)preference, .. Name(exchange)]);

    public TestZone Pointer(string name, string target) => Raw(name, 12, Name(target));

    /// <summary>An SVCB record in presentation form, e.g. <c>1 gw.example.test. port=7777</c>.</summary>
    public TestZone Service(string name, string record) =>
        Raw(name, 64, ServiceBinding.TryParse(record, out var binding) ? binding.ToRdata() : throw new ArgumentException(record, nameof(record)));

    public TestZone Raw(string name, ushort type, byte[] data)
    {
        _records.AddOrUpdate((name, type), _ => [(TimeToLive, data)], (_, old) => [.. old, (TimeToLive, data)]);
        return this;
    }

    /// <summary>Takes all records of a name and type away.</summary>
    public void Remove(string name, ushort type) => _records.TryRemove((name, type), out _);

    /// <summary>The question of a query: its name as sent, its type, and where it ends.</summary>
    public static (string Name, ushort Type, int End) Question(ReadOnlySpan<byte> query)
    {
        var labels = new List<string>();
        int at = 12;
        for (; query[at] != 0; at += query[at] + 1) labels.Add(Encoding.ASCII.GetString(query.Slice(at + 1, query[at])));
        return (string.Join('.', labels), BinaryPrimitives.ReadUInt16BigEndian(query[(at + 1)..]), at + 5);
    }

    /// <summary>The records of a name and type, aliases followed: the answer section.</summary>
    public IReadOnlyList<(string Name, ushort Type, uint TimeToLive, byte[] Data)> Find(string name, ushort type)
    {
        var found = new List<(string, ushort, uint, byte[])>();
        for (int hops = 0; hops < 12; hops++)
        {
            if (_records.TryGetValue((name, type), out var records))
            {
                found.AddRange(records.Select(record => (name, type, record.TimeToLive, record.Data)));
                break;
            }

            if (!_records.TryGetValue((name, 5), out var alias)) break;
            found.Add((name, 5, alias[0].TimeToLive, alias[0].Data));
            name = Question([.. new byte[12], .. alias[0].Data, 0, 0, 0, 0]).Name;
        }

        return found;
    }

    /// <summary>The response code for a name: what was set, else whether the name exists.</summary>
    public int Code(string name) => Codes.TryGetValue(name, out int code) ? code : _records.Keys.Any(key => key.Name == name) ? 0 : 3;

    /// <summary>The response to a query, whole.</summary>
    public byte[] Respond(ReadOnlySpan<byte> query)
    {
        var (asked, type, end) = Question(query);
        string name = asked.ToLowerInvariant();
        Asked.AddOrUpdate((name, type), 1, (_, count) => count + 1);
        var found = Find(name, type);
        var response = new List<byte>(query[..end].ToArray());
        bool authentic = Unsigned is not null && !Unsigned.Contains(name);
        (response[2], response[3]) = (0x81, (byte)(0x80 | (authentic ? 0x20 : 0) | Code(name)));
        (response[6], response[7]) = ((byte)(found.Count >> 8), (byte)found.Count);
        (response[8], response[9], response[10], response[11]) = (0, found.Count == 0 ? (byte)1 : (byte)0, 0, 0);
        foreach (var (owner, recordType, timeToLive, data) in found) Append(response, owner == name ? [0xc0, 12] : Name(owner), recordType, timeToLive, data);
        // What a negative answer says of its own life: the SOA's minimum, 60 seconds here.
        if (found.Count == 0) Append(response, [0xc0, 12], 6, 3600, [.. Name("ns.test"), .. Name("admin.test"), .. new byte[16], 0, 0, 0, 60]);
        return [.. response];
    }

    private static void Append(List<byte> response, byte[] owner, ushort type, uint timeToLive, byte[] data)
    {
        Span<byte> head = stackalloc byte[10];
        BinaryPrimitives.WriteUInt16BigEndian(head, type);
        BinaryPrimitives.WriteUInt16BigEndian(head[2..], 1);
        BinaryPrimitives.WriteUInt32BigEndian(head[4..], timeToLive);
        BinaryPrimitives.WriteUInt16BigEndian(head[8..], (ushort)data.Length);
        response.AddRange(owner);
        response.AddRange(head);
        response.AddRange(data);
    }

    private static byte[] Name(string name) =>
        [.. name.TrimEnd('.').Split('.', StringSplitOptions.RemoveEmptyEntries).SelectMany(label => Encoding.ASCII.GetBytes(label).Prepend((byte)label.Length)), 0];
}
