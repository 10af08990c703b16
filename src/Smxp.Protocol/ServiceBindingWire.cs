using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Smxp.Protocol;

/// <summary>Service bindings as RDATA (RFC 9460 §2.2).</summary>
internal static class ServiceBindingWire
{
    private const int MaxName = 255, MaxLabel = 63;

    public static bool TryRead(ReadOnlySpan<byte> rdata, [NotNullWhen(true)] out ServiceBinding? binding)
    {
        binding = null;
        if (rdata.Length < 3) return false;
        ushort priority = BinaryPrimitives.ReadUInt16BigEndian(rdata);
        rdata = rdata[2..];
        if (ReadName(ref rdata) is not { } target) return false;
        var bare = new ServiceBinding { Priority = priority, TargetName = target };

        // RFC 9460 §2.4.2: in AliasMode, parameters are ignored.
        if (priority == 0) binding = bare;
        else if (ReadParameters(rdata) is { } parameters) binding = ServiceParameters.Apply(bare, parameters);
        return binding is not null;
    }

    public static byte[] Write(ServiceBinding binding)
    {
        var rdata = new List<byte>(ServiceParameters.BigEndian(binding.Priority));
        WriteName(rdata, binding.TargetName);
        if (binding.Priority == 0) return [.. rdata];
        foreach (var (key, value) in ServiceParameters.Of(binding))
        {
            if (value.Length > ushort.MaxValue) throw new FormatException($"The value of {ServiceParameters.NameOf(key)} is too long.");
            rdata.AddRange(ServiceParameters.BigEndian(key));
            rdata.AddRange(ServiceParameters.BigEndian((ushort)value.Length));
            rdata.AddRange(value);
        }

        return [.. rdata];
    }

    /// <summary>The target must be something to connect to: labels of letters, digits, hyphens and underscores.</summary>
    public static bool IsHostName(string name) =>
        name == "." || (name.Length < MaxName - 1
            && name.Split('.').All(static label => label.Length is > 0 and <= MaxLabel && label.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')));

    // RFC 9460 §2.2: the name is not compressed.
    private static string? ReadName(ref ReadOnlySpan<byte> rdata)
    {
        var name = new StringBuilder();
        while (rdata.Length > 0)
        {
            int length = rdata[0];
            if (length > MaxLabel || rdata.Length < 1 + length) return null;
            var label = rdata.Slice(1, length);
            rdata = rdata[(1 + length)..];
            if (length == 0) return Finish(name);
            if (name.Length > 0) name.Append('.');
            name.Append(Encoding.Latin1.GetString(label).Replace('.', ' '));
            if (name.Length > MaxName) return null;
        }

        return null;
    }

    private static string? Finish(StringBuilder name)
    {
        string text = name.Length == 0 ? "." : name.ToString().ToLowerInvariant();
        return IsHostName(text) ? text : null;
    }

    private static void WriteName(List<byte> rdata, string name)
    {
        if (!IsHostName(name)) throw new FormatException($"'{name}' is not a host name.");
        if (name != ".")
        {
            foreach (string label in name.Split('.'))
            {
                rdata.Add((byte)label.Length);
                rdata.AddRange(Encoding.ASCII.GetBytes(label));
            }
        }

        rdata.Add(0);
    }

    // RFC 9460 §2.2: keys in strictly ascending order, or the record is malformed.
    private static SortedDictionary<ushort, byte[]>? ReadParameters(ReadOnlySpan<byte> rdata)
    {
        var parameters = new SortedDictionary<ushort, byte[]>();
        int last = -1;
        while (rdata.Length > 0)
        {
            if (rdata.Length < 4) return null;
            ushort key = BinaryPrimitives.ReadUInt16BigEndian(rdata), length = BinaryPrimitives.ReadUInt16BigEndian(rdata[2..]);
            if (key <= last || rdata.Length < 4 + length) return null;
            parameters.Add(key, rdata.Slice(4, length).ToArray());
            last = key;
            rdata = rdata[(4 + length)..];
        }

        return parameters;
    }
}
