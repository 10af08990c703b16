using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Smxp.Protocol;

/// <summary>The SvcParams of a service binding (RFC 9460 §7, §14.3.2) in wire form, and the rules each value keeps.</summary>
internal static class ServiceParameters
{
    public const ushort Mandatory = 0, Alpn = 1, NoDefaultAlpn = 2, Port = 3, Ipv4Hint = 4, Ech = 5, Ipv6Hint = 6;

    private static readonly string[] KnownNames = ["mandatory", "alpn", "no-default-alpn", "port", "ipv4hint", "ech", "ipv6hint"];

    public static bool IsActedOn(ushort key) => key is Alpn or NoDefaultAlpn or Port or Ipv4Hint or Ipv6Hint;

    /// <summary>A key's name; <c>keyNNNNN</c> where it has none (RFC 9460 §2.1).</summary>
    public static string NameOf(ushort key) => key < KnownNames.Length ? KnownNames[key] : $"key{key}";

    public static bool TryGetKey(string name, out ushort key)
    {
        int known = Array.IndexOf(KnownNames, name);
        key = (ushort)Math.Max(known, 0);
        if (known >= 0) return true;

        // RFC 9460 §2.1: in decimal without leading zeros.
        return name.StartsWith("key", StringComparison.Ordinal) && ushort.TryParse(name.AsSpan(3), out key) && name == $"key{key}";
    }

    /// <summary>Fills a record in; null where a value does not have the format its key demands, or the keys contradict each other.</summary>
    public static ServiceBinding? Apply(ServiceBinding binding, SortedDictionary<ushort, byte[]> parameters)
    {
        var others = new SortedDictionary<ushort, byte[]>();
        foreach (var (key, value) in parameters)
        {
            var applied = key switch
            {
                Mandatory => ReadMandatory(value, parameters) is { } keys ? binding with { Mandatory = keys } : null,
                Alpn => ReadAlpn(value) is { } protocols ? binding with { Alpn = protocols } : null,

                // RFC 9460 §7.1.1: no value, and never without alpn.
                NoDefaultAlpn => value.Length == 0 && parameters.ContainsKey(Alpn) ? binding with { NoDefaultAlpn = true } : null,
                Port => value.Length == sizeof(ushort) ? binding with { Port = BinaryPrimitives.ReadUInt16BigEndian(value) } : null,
                Ipv4Hint => ReadAddresses(value, 4) is { } addresses ? binding with { Ipv4Hints = addresses } : null,
                Ipv6Hint => ReadAddresses(value, 16) is { } addresses ? binding with { Ipv6Hints = addresses } : null,
                _ => others.TryAdd(key, value) ? binding : null,
            };
            if (applied is null) return null;
            binding = applied;
        }

        return binding with { OtherParameters = others };
    }

    public static SortedDictionary<ushort, byte[]> Of(ServiceBinding binding)
    {
        var parameters = new SortedDictionary<ushort, byte[]>();
        foreach (var (key, value) in binding.OtherParameters) parameters[key] = value;
        if (binding.Mandatory.Count > 0) parameters[Mandatory] = [.. binding.Mandatory.Order().SelectMany(BigEndian)];
        if (binding.Alpn.Count > 0) parameters[Alpn] = [.. binding.Alpn.SelectMany(Prefixed)];
        if (binding.NoDefaultAlpn) parameters[NoDefaultAlpn] = [];
        if (binding.Port is { } port) parameters[Port] = BigEndian(port);
        if (binding.Ipv4Hints.Count > 0) parameters[Ipv4Hint] = [.. binding.Ipv4Hints.SelectMany(static a => a.GetAddressBytes())];
        if (binding.Ipv6Hints.Count > 0) parameters[Ipv6Hint] = [.. binding.Ipv6Hints.SelectMany(static a => a.GetAddressBytes())];
        return parameters;
    }

    public static byte[] BigEndian(ushort value) => [(byte)(value >> 8), (byte)value];

    /// <summary>A protocol id: any bytes (RFC 7301), one character each.</summary>
    private static byte[] Prefixed(string protocol) =>
        protocol.Length is > 0 and <= byte.MaxValue && protocol.All(static c => c <= '\xff')
            ? [(byte)protocol.Length, .. Encoding.Latin1.GetBytes(protocol)]
            : throw new FormatException($"'{protocol}' is not a protocol id.");

    /// <summary>RFC 9460 §8: not empty, strictly ascending, not itself, and only keys that are there.</summary>
    private static List<ushort>? ReadMandatory(byte[] value, SortedDictionary<ushort, byte[]> parameters)
    {
        if (value.Length == 0 || value.Length % sizeof(ushort) != 0) return null;
        var keys = new List<ushort>(value.Length / sizeof(ushort));
        for (int i = 0; i < value.Length; i += sizeof(ushort))
        {
            ushort key = BinaryPrimitives.ReadUInt16BigEndian(value.AsSpan(i));
            if (key == Mandatory || !parameters.ContainsKey(key) || (keys.Count > 0 && key <= keys[^1])) return null;
            keys.Add(key);
        }

        return keys;
    }

    /// <summary>RFC 9460 §7.1.1: one or more ids, each with its length before it.</summary>
    private static List<string>? ReadAlpn(byte[] value)
    {
        var protocols = new List<string>();
        for (int i = 0; i < value.Length; i += 1 + value[i])
        {
            if (value[i] == 0 || i + 1 + value[i] > value.Length) return null;
            protocols.Add(Encoding.Latin1.GetString(value, i + 1, value[i]));
        }

        return protocols.Count > 0 ? protocols : null;
    }

    /// <summary>RFC 9460 §7.3: one or more addresses.</summary>
    private static List<IPAddress>? ReadAddresses(byte[] value, int size)
    {
        if (value.Length == 0 || value.Length % size != 0) return null;
        var addresses = new List<IPAddress>(value.Length / size);
        for (int i = 0; i < value.Length; i += size) addresses.Add(new IPAddress(value.AsSpan(i, size)));
        return addresses;
    }
}
