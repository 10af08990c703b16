using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Smxp.Plugins.Dns;
using Smxp.Protocol;

namespace Smxp.Dns.Wire;

/// <summary>Reads a record's data from text: its presentation form, or the generic form of RFC 3597 §5 (<c>\# 4 7f000001</c>).</summary>
internal static class RecordText
{
    /// <summary>The data; null for a type that nobody asks for.</summary>
    /// <exception cref="FormatException">The text is not such data.</exception>
    public static DnsRecord? Read(int type, string text)
    {
        string[] words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words is ["\\#", _, ..]) return ReadGeneric(type, words);
        switch ((DnsRecordType)type)
        {
            case DnsRecordType.A when IPAddress.TryParse(text, out IPAddress? v4) && v4.AddressFamily == AddressFamily.InterNetwork:
                return new AddressData(v4);
            case DnsRecordType.Aaaa when IPAddress.TryParse(text, out IPAddress? v6) && v6.AddressFamily == AddressFamily.InterNetworkV6:
                return new AddressData(v6);
            case DnsRecordType.Cname or DnsRecordType.Ptr when words is [var name]:
                return new NameData(Plain(name));
            case DnsRecordType.Mx when words is [var preference, var exchange] && ushort.TryParse(preference, NumberStyles.None, CultureInfo.InvariantCulture, out ushort order):
                return new MailExchangeData(order, Plain(exchange));
            case DnsRecordType.Txt:
                return new TextData(text.TrimStart().StartsWith('"') ? Unquote(text.Trim()) : text);
            case DnsRecordType.Tlsa when words is [var usage, var selector, var matching, _, ..]:
                return new TlsaData(Octet(usage), Octet(selector), Octet(matching), Convert.FromHexString(string.Concat(words[3..])));
            case DnsRecordType.Svcb when ServiceBinding.TryParse(text, out ServiceBinding? binding):
                return new ServiceData(binding);
            default:
                return Enum.IsDefined((DnsRecordType)type) ? throw new FormatException($"malformed {(DnsRecordType)type}") : null;
        }
    }

    private static DnsRecord? ReadGeneric(int type, string[] words)
    {
        byte[] data = Convert.FromHexString(string.Concat(words[2..]));
        if (!int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out int length) || length != data.Length) throw new FormatException("the generic form has another length than it says");
        return RecordData.Read(type, data, 0, data.Length);
    }

    // RFC 1035 §5.1: quoted strings, one or several, in which \X is X and \DDD an octet by its decimal value.
    private static string Unquote(string text)
    {
        var octets = new ArrayBufferWriter<byte>(text.Length);
        bool inside = false;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c == '"')
            {
                inside = !inside;
            }
            else if (c == '\\' && i + 3 < text.Length && byte.TryParse(text.AsSpan(i + 1, 3), NumberStyles.None, CultureInfo.InvariantCulture, out byte octet))
            {
                octets.Write([octet]);
                i += 3;
            }
            else if (c == '\\' && i + 1 < text.Length)
            {
                Encoding.UTF8.GetBytes(text.AsSpan(++i, 1), octets);
            }
            else if (inside)
            {
                int run = text.AsSpan(i).IndexOfAny('"', '\\') is var end and > 0 ? end : text.Length - i;
                Encoding.UTF8.GetBytes(text.AsSpan(i, run), octets);
                i += run - 1;
            }
            else if (!char.IsWhiteSpace(c))
            {
                throw new FormatException("malformed TXT");
            }
        }
        return inside ? throw new FormatException("malformed TXT") : Encoding.UTF8.GetString(octets.WrittenSpan);
    }

    private static byte Octet(string text) => byte.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out byte octet) ? octet : throw new FormatException("malformed TLSA");

    private static string Plain(string name) => name.Length > 1 ? name.TrimEnd('.') : name;
}
