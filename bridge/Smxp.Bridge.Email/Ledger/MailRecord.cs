using System.Text;
using Smxp.Mail.Authentication.Results;

namespace Smxp.Bridge.Email.Ledger;

/// <summary>What is remembered of a mail beside the message it became.</summary>
/// <param name="MessageId">Its Message-ID, without brackets.</param>
/// <param name="References">The Message-IDs of its ancestors, oldest first.</param>
/// <param name="Trace">
/// The Return-Path, Authentication-Results and Received lines that the last server puts on top (RFC 5321 §4.4, RFC 8601 §4.1). They are kept beside the original, which stays as it came;
/// whoever exports a mail puts them in front, which breaks no signature.
/// </param>
/// <param name="Original">The mail as it came, compressed; null where it is in a blob, or shared.</param>
/// <param name="OriginalBlob">The attachment that holds it compressed, as JSON; null where it is small.</param>
internal sealed record MailRecord(string MessageId, IReadOnlyList<string> References, string Trace, byte[]? Original, byte[]? OriginalBlob)
{
    private const byte Version = 1;
    private const byte Inline = 0;
    private const byte Blob = 1;
    private const byte Shared = 2;

    /// <summary>The record that holds the original for several messages, compressed; null where this one is alone with it.</summary>
    public string? SharedOriginal { get; init; }

    /// <summary>The value of the Authentication-Results line in the trace; null where there is none.</summary>
    public string? Results
    {
        get
        {
            string name = $"\n{AuthenticationResults.HeaderName}:";
            int start = Trace.IndexOf(name, StringComparison.Ordinal);
            if (start < 0) return null;
            start += name.Length;
            int end = start;
            do end = Trace.IndexOf('\n', end) + 1;
            while (end > 0 && end < Trace.Length && Trace[end] is ' ' or '\t');
            return (end > 0 ? Trace[start..end] : Trace[start..]).Trim();
        }
    }

    public byte[] Write()
    {
        byte[] rest = SharedOriginal is { } key ? Encoding.UTF8.GetBytes(key) : Original ?? OriginalBlob!;
        var stream = new MemoryStream(rest.Length + 512);
        using var writer = new BinaryWriter(stream);
        writer.Write(Version);
        writer.Write(MessageId);
        writer.Write7BitEncodedInt(References.Count);
        foreach (string reference in References) writer.Write(reference);
        writer.Write(Trace);
        writer.Write(SharedOriginal is not null ? Shared : Original is null ? Blob : Inline);
        writer.Write(rest);
        return stream.ToArray();
    }

    public static MailRecord Read(byte[] value)
    {
        using var reader = new BinaryReader(new MemoryStream(value));
        if (reader.ReadByte() is var version && version != Version) throw new InvalidDataException($"A mail's record has version {version}; this server knows {Version}.");
        string messageId = reader.ReadString();
        var references = new string[reader.Read7BitEncodedInt()];
        for (int i = 0; i < references.Length; i++) references[i] = reader.ReadString();
        string trace = reader.ReadString();
        byte kind = reader.ReadByte();
        byte[] rest = value[(int)reader.BaseStream.Position..];
        return new MailRecord(messageId, references, trace, kind == Inline ? rest : null, kind == Blob ? rest : null) { SharedOriginal = kind == Shared ? Encoding.UTF8.GetString(rest) : null };
    }
}
