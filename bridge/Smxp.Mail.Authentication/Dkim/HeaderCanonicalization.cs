using System.Buffers;
using Smxp.Mail.Authentication.Messages;

namespace Smxp.Mail.Authentication.Dkim;

/// <summary>Header fields as they are signed (RFC 6376 §3.4.1 and §3.4.2). Pure.</summary>
internal static class HeaderCanonicalization
{
    /// <summary>Writes a field in canonical form, without a line end.</summary>
    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> field, Canonicalization canonicalization)
    {
        if (canonicalization == Canonicalization.Simple)
        {
            output.Write(field);
            return;
        }

        int colon = field.IndexOf((byte)':');
        var span = output.GetSpan(field.Length + 1);
        int written = 0;
        foreach (byte b in field[..colon].TrimEnd(" \t"u8)) span[written++] = b is >= (byte)'A' and <= (byte)'Z' ? (byte)(b | 0x20) : b;
        span[written++] = (byte)':';

        // Folds go, runs of white space become one space, none is left at either end.
        bool space = false, started = false;
        foreach (byte b in field[(colon + 1)..])
        {
            if (b is (byte)'\r' or (byte)'\n') continue;
            if (b is (byte)' ' or (byte)'\t')
            {
                space = true;
                continue;
            }

            if (space && started) span[written++] = (byte)' ';
            (space, started) = (false, true);
            span[written++] = b;
        }

        output.Advance(written);
    }

    /// <summary>Writes the fields a signature names: each name takes the lowest instance not yet taken, and what is missing is an empty string (RFC 6376 §5.4.2).</summary>
    public static void WriteSigned(IBufferWriter<byte> output, IReadOnlyList<RawHeader> headers, IEnumerable<string> names, Canonicalization canonicalization)
    {
        // Looked up, since both the fields and the names are a stranger's to multiply.
        var left = headers.GroupBy(static header => header.Name, StringComparer.OrdinalIgnoreCase).ToDictionary(static group => group.Key, static group => new Stack<RawHeader>(group), StringComparer.OrdinalIgnoreCase);
        foreach (string name in names)
        {
            if (!left.TryGetValue(name, out var fields) || !fields.TryPop(out var field)) continue;
            Write(output, field.Bytes.Span, canonicalization);
            output.Write("\r\n"u8);
        }
    }

    /// <summary>A signature's own field with the value of b= cut out, white space around it included (RFC 6376 §3.7).</summary>
    public static byte[] WithoutSignature(ReadOnlySpan<byte> field)
    {
        var result = new ArrayBufferWriter<byte>(field.Length);
        int start = field.IndexOf((byte)':') + 1;
        result.Write(field[..start]);
        var rest = field[start..];
        while (true)
        {
            int length = rest.IndexOf((byte)';');
            var tag = length < 0 ? rest : rest[..length];
            int equals = tag.IndexOf((byte)'=');
            result.Write(equals >= 0 && tag[..equals].Trim(" \t\r\n"u8).SequenceEqual("b"u8) ? tag[..(equals + 1)] : tag);
            if (length < 0) return result.WrittenSpan.ToArray();
            result.Write(";"u8);
            rest = rest[(length + 1)..];
        }
    }
}
