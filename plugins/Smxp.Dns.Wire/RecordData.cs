using System.Buffers.Binary;
using System.Net;
using System.Text;
using Smxp.Plugins.Dns;
using Smxp.Protocol;

namespace Smxp.Dns.Wire;

/// <summary>Reads a record's data from bytes (RFC 1035 §3.3 and the types' own RFCs).</summary>
internal static class RecordData
{
    /// <summary>The data; null for a type that nobody asks for.</summary>
    /// <param name="type">The type.</param>
    /// <param name="message">The whole message, for compressed names.</param>
    /// <param name="offset">Where the data begins.</param>
    /// <param name="length">How long it is.</param>
    /// <exception cref="FormatException">The bytes are not such data.</exception>
    public static DnsRecord? Read(int type, ReadOnlySpan<byte> message, int offset, int length)
    {
        ReadOnlySpan<byte> data = message.Slice(offset, length);
        switch ((DnsRecordType)type)
        {
            case DnsRecordType.A when length == 4:
            case DnsRecordType.Aaaa when length == 16:
                return new AddressData(new IPAddress(data));
            case DnsRecordType.Cname or DnsRecordType.Ptr:
                return new NameData(ReadName(message, offset, offset + length));
            case DnsRecordType.Mx when length >= 3:
                return new MailExchangeData(BinaryPrimitives.ReadUInt16BigEndian(data), ReadName(message, offset + 2, offset + length));
            case DnsRecordType.Txt when length > 0:
                return new TextData(ReadText(data));
            // RFC 6698 §2.1: usage, selector, matching type, association.
            case DnsRecordType.Tlsa when length > 3:
                return new TlsaData(data[0], data[1], data[2], data[3..].ToArray());
            case DnsRecordType.Svcb:
                return ServiceBinding.TryParse(data, out ServiceBinding? binding) ? new ServiceData(binding) : throw new FormatException("malformed SVCB");
            case DnsRecordType.A or DnsRecordType.Aaaa or DnsRecordType.Mx or DnsRecordType.Txt or DnsRecordType.Tlsa:
                throw new FormatException($"malformed {(DnsRecordType)type}");
            default:
                return null;
        }
    }

    private static string ReadName(ReadOnlySpan<byte> message, int offset, int end)
    {
        string name = MessageReader.ReadName(message, ref offset);
        return offset == end ? name : throw new FormatException("a name that does not fill its record");
    }

    private static string ReadText(ReadOnlySpan<byte> data)
    {
        var text = new StringBuilder();
        for (int at = 0; at < data.Length; at += data[at] + 1)
        {
            if (at + 1 + data[at] > data.Length) throw new FormatException("malformed TXT");
            text.Append(Encoding.UTF8.GetString(data.Slice(at + 1, data[at])));
        }
        return text.ToString();
    }
}
