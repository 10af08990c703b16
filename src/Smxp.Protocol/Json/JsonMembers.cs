using System.Text;
using System.Text.Json;

namespace Smxp.Protocol.Json;

/// <summary>A value in a text: for a string what stands between the quotes, otherwise the whole value.</summary>
internal readonly record struct JsonSpan(JsonTokenType Type, int Start, int Length)
{
    public bool IsPresent => Type != JsonTokenType.None;

    public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> text) => text.Slice(Start, Length);

    /// <summary>The value as it stands in the text, a string's quotes included.</summary>
    public ReadOnlySpan<byte> Whole(ReadOnlySpan<byte> text) =>
        Type == JsonTokenType.String ? text.Slice(Start - 1, Length + 2) : Of(text);
}

/// <summary>The names of the members that an object may have, in order; finds where their values stand.</summary>
internal sealed class JsonMembers(params IEnumerable<string> names)
{
    private readonly byte[][] _utf8 = [.. names.Select(Encoding.UTF8.GetBytes)];

    public IReadOnlyList<string> Names { get; } = [.. names];

    public int Count => _utf8.Length;

    /// <summary>Reads the object the reader stands before or at, to its end. Of duplicates the last wins; unknown members are passed over.</summary>
    /// <returns>Whether it is an object.</returns>
    public bool Locate(ref Utf8JsonReader reader, scoped Span<JsonSpan> values)
    {
        values.Clear();
        if (reader.TokenType == JsonTokenType.None) reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return false;
        }

        int expected = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            int member = Find(ref reader, expected);
            reader.Read();
            var value = Span(ref reader);
            if (member < 0) continue;
            values[member] = value;
            expected = member + 1;
        }

        return true;
    }

    private static JsonSpan Span(ref Utf8JsonReader reader)
    {
        var type = reader.TokenType;
        int start = (int)reader.TokenStartIndex;
        if (type == JsonTokenType.String) return new(type, start + 1, reader.ValueSpan.Length);
        reader.Skip();
        return new(type, start, (int)reader.BytesConsumed - start);
    }

    /// <summary>Members mostly come in order: the one after the last is looked at first.</summary>
    private int Find(ref Utf8JsonReader reader, int expected)
    {
        // Not ValueTextEquals, which throws on a name with a lone surrogate.
        var name = reader.ValueIsEscaped ? Encoding.UTF8.GetBytes(JsonText.Decode(reader.ValueSpan)) : reader.ValueSpan;
        for (int i = expected; i < _utf8.Length; i++)
        {
            if (name.SequenceEqual(_utf8[i])) return i;
        }

        for (int i = 0; i < expected; i++)
        {
            if (name.SequenceEqual(_utf8[i])) return i;
        }

        return -1;
    }
}
