using System.Buffers.Binary;
using System.Text;
using Smxp.Plugins.Dns;

namespace Smxp.Dns.Wire;

/// <summary>Writes a question as bytes (RFC 1035 §4): recursion desired, and the AD bit set to ask whether the answer is authentic (RFC 6840 §5.7).</summary>
internal static class QueryWriter
{
    public static byte[] Write(DnsQuestion question, ushort id)
    {
        byte[] message = new byte[12 + question.Name.Length + 2 + 4];
        BinaryPrimitives.WriteUInt16BigEndian(message, id);
        message[2] = 0x01;
        message[3] = 0x20;
        message[5] = 1;
        int at = 12;
        foreach (string label in question.Name.Split('.'))
        {
            message[at] = (byte)label.Length;
            at += 1 + Encoding.ASCII.GetBytes(label, message.AsSpan(at + 1));
        }
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(at + 1), (ushort)question.Type);
        message[at + 4] = 1;
        return message;
    }
}
