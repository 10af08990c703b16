using System.Text;
using System.Text.Json;

namespace Smxp.Protocol.Json;

/// <summary>Reads the members that <see cref="JsonMembers"/> located, and keeps the first thing found wrong, in words for the sender.</summary>
internal ref struct JsonFields(ReadOnlySpan<byte> text, ReadOnlySpan<JsonSpan> values, JsonMembers members, string prefix = "")
{
    /// <summary>Ids, addresses and the like are keys in databases and lines in protocols: short, well-formed and free of controls.</summary>
    private const int MaxKeyLength = 1024;

    private readonly ReadOnlySpan<byte> _text = text;
    private readonly ReadOnlySpan<JsonSpan> _values = values;

    public string? Error { get; private set; }

    public readonly JsonSpan this[int member] => _values[member];

    public void Fail(int member, string problem) => Error ??= $"{prefix}{members.Names[member]} {problem}";

    /// <summary>A string, or null where the member is absent.</summary>
    public string? Text(int member)
    {
        var value = _values[member];
        if (value.Type == JsonTokenType.String) return JsonText.Decode(value.Of(_text));
        if (value.IsPresent) Fail(member, "is not a string");
        return null;
    }

    /// <summary>A string that must be there and not be empty.</summary>
    public string RequiredText(int member)
    {
        string? text = Text(member);
        if (text is null) Fail(member, "is missing");
        else if (text.Length == 0) Fail(member, "is empty");
        return text ?? "";
    }

    /// <summary>A string that serves as a key somewhere; null where the member is absent.</summary>
    public string? Key(int member)
    {
        string? text = Text(member);
        if (text is not null && !IsKey(text)) Fail(member, "is too long, or holds control characters");
        return text;
    }

    /// <summary>A key that must be there.</summary>
    public string RequiredKey(int member)
    {
        string text = RequiredText(member);
        if (!IsKey(text)) Fail(member, "is too long, or holds control characters");
        return text;
    }

    /// <summary>One of a few words; <paramref name="absent"/> where the member is absent. Saves making a string of what is always the same.</summary>
    public string? Word(int member, ReadOnlySpan<string> words, string? absent)
    {
        var value = _values[member];
        if (!value.IsPresent) return absent;
        if (value.Type == JsonTokenType.String && Known(value.Of(_text), words) is { } word) return word;
        string? text = Text(member);
        foreach (string known in words)
        {
            if (known == text) return known;
        }

        Fail(member, $"is none of {string.Join(", ", words.ToArray())}");
        return absent;
    }

    /// <summary>A key that mostly is one of a few words.</summary>
    public string? KeyOrWord(int member, ReadOnlySpan<string> words) =>
        _values[member].Type == JsonTokenType.String && Known(_values[member].Of(_text), words) is { } word ? word : Key(member);

    /// <summary>An integer within limits, or null where the member is absent.</summary>
    public long? Integer(int member, long least = -EcmaNumber.MaxSafeInteger, long most = EcmaNumber.MaxSafeInteger)
    {
        var value = _values[member];
        if (!value.IsPresent) return null;
        if (value.Type != JsonTokenType.Number || !EcmaNumber.TryGetInteger(value.Of(_text), out long number)) Fail(member, "is not an integer");
        else if (number < least || number > most) Fail(member, "is out of range");
        else return number;
        return null;
    }

    /// <summary>An integer that must be there.</summary>
    public long RequiredInteger(int member, long least = -EcmaNumber.MaxSafeInteger, long most = EcmaNumber.MaxSafeInteger)
    {
        long? number = Integer(member, least, most);
        if (number is null) Fail(member, "is missing");
        return number ?? 0;
    }

    /// <summary>The text of an object or array, as it stands; empty where the member is absent.</summary>
    public ReadOnlySpan<byte> Nested(int member, JsonTokenType type)
    {
        var value = _values[member];
        if (value.Type == type) return value.Of(_text);
        if (value.IsPresent) Fail(member, type == JsonTokenType.StartArray ? "is not an array" : "is not an object");
        return default;
    }

    private static bool IsKey(string text)
    {
        if (text.Length > MaxKeyLength) return false;
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~')) return true;
        foreach (var rune in text.EnumerateRunes())
        {
            // An unpaired surrogate enumerates as U+FFFD, which is as unwelcome in a key.
            if (Rune.IsControl(rune) || rune == Rune.ReplacementChar) return false;
        }

        return true;
    }

    private static string? Known(ReadOnlySpan<byte> utf8, ReadOnlySpan<string> words)
    {
        foreach (string word in words)
        {
            if (word.Length == utf8.Length && Ascii.Equals(utf8, word)) return word;
        }

        return null;
    }
}
