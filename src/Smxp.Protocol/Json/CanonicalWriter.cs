using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;

namespace Smxp.Protocol.Json;

/// <summary>
/// Walks a JSON text and writes, or matches, what <c>JSON.stringify(JSON.parse(text))</c> would make of it. One walk, depth at most 64,
/// memory in proportion to the text.
/// </summary>
internal static class CanonicalWriter
{
    public const int MaxDepth = 64;

    /// <summary>A reader over one complete text, under the limits that hold everywhere.</summary>
    /// <exception cref="JsonException">The text is not UTF-8.</exception>
    public static Utf8JsonReader Read(ReadOnlySpan<byte> utf8)
    {
        if (!Utf8.IsValid(utf8)) throw new JsonException("not UTF-8");
        return new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaxDepth });
    }

    /// <summary>Whether the text is already canonical.</summary>
    public static bool IsCanonical(ReadOnlySpan<byte> utf8)
    {
        var sink = new CanonicalSink(utf8);
        WriteText(utf8, ref sink, default);
        return !sink.HasMismatch && sink.Length == utf8.Length;
    }

    /// <summary>Writes one complete text.</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="sink">Where to.</param>
    /// <param name="leaveOut">Members of the outermost object to leave out.</param>
    /// <exception cref="JsonException">The text is not JSON, or too deep.</exception>
    public static void WriteText(ReadOnlySpan<byte> utf8, ref CanonicalSink sink, scoped ReadOnlySpan<string> leaveOut)
    {
        var reader = Read(utf8);
        var members = new List<Member>();
        reader.Read();
        if (reader.TokenType == JsonTokenType.StartObject) WriteObject(ref reader, ref sink, members, leaveOut);
        else WriteValue(ref reader, ref sink, members);
        if (!sink.HasMismatch) reader.Read(); // refuses whatever stands behind the value
    }

    private static void WriteValue(ref Utf8JsonReader reader, ref CanonicalSink sink, List<Member> members)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject: WriteObject(ref reader, ref sink, members, default); break;
            case JsonTokenType.StartArray: WriteArray(ref reader, ref sink, members); break;
            case JsonTokenType.String: WriteString(ref reader, ref sink); break;
            case JsonTokenType.Number: EcmaNumber.Write(reader.ValueSpan, ref sink); break;
            default: sink.Write(reader.ValueSpan); break;
        }
    }

    private static void WriteArray(ref Utf8JsonReader reader, ref CanonicalSink sink, List<Member> members)
    {
        sink.Write((byte)'[');
        for (bool first = true; reader.Read() && reader.TokenType != JsonTokenType.EndArray; first = false)
        {
            if (!first) sink.Write((byte)',');
            WriteValue(ref reader, ref sink, members);
            if (sink.HasMismatch) return;
        }

        sink.Write((byte)']');
    }

    /// <summary>Members of enclosing objects are below ours in <paramref name="members"/>; ours are gone when we return.</summary>
    private static void WriteObject(ref Utf8JsonReader reader, ref CanonicalSink sink, List<Member> members, scoped ReadOnlySpan<string> leaveOut)
    {
        int own = members.Count, open = sink.Length;
        sink.Write((byte)'{');
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            int before = sink.Length;
            if (members.Count > own) sink.Write((byte)',');
            int start = sink.Length;
            bool keep = !IsAmong(ref reader, leaveOut);
            WriteString(ref reader, ref sink);
            int nameEnd = sink.Length;
            sink.Write((byte)':');
            reader.Read();
            WriteValue(ref reader, ref sink, members);
            if (sink.HasMismatch) return;
            if (keep) members.Add(new Member(start, nameEnd, sink.Length));
            else sink.Truncate(before);
        }

        sink.Write((byte)'}');
        if (MemberOrder.Rearrange(sink.Written, CollectionsMarshal.AsSpan(members)[own..]) is { } kept) Rewrite(ref sink, open, kept);
        members.RemoveRange(own, members.Count - own);
    }

    private static void Rewrite(ref CanonicalSink sink, int open, Member[] kept)
    {
        if (sink.IsMatching)
        {
            sink.Mismatch();
            return;
        }

        using var scratch = new CanonicalSink(sink.Length - open);
        scratch.Write(sink.Written[open..]);
        sink.Truncate(open);
        sink.Write((byte)'{');
        for (int i = 0; i < kept.Length; i++)
        {
            if (i > 0) sink.Write((byte)',');
            sink.Write(scratch.Written[(kept[i].Start - open)..(kept[i].End - open)]);
        }

        sink.Write((byte)'}');
    }

    private static bool IsAmong(ref Utf8JsonReader reader, scoped ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (JsonText.Is(reader.ValueSpan, name)) return true;
        }

        return false;
    }

    private static void WriteString(ref Utf8JsonReader reader, ref CanonicalSink sink) => JsonText.WriteCanonical(reader.ValueSpan, ref sink);
}
