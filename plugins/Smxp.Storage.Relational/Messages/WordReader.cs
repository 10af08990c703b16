using System.Globalization;
using System.Text;

namespace Smxp.Storage.Relational.Messages;

/// <summary>Takes a text apart into its words, lower-case, without making a string of any: a message repeats most of them.</summary>
/// <param name="text">Any text at all.</param>
/// <param name="buffer">Where each word stands until the next is read; <see cref="LongestWord"/> characters.</param>
internal ref struct WordReader(ReadOnlySpan<char> text, Span<char> buffer)
{
    /// <summary>A word longer than any reader types is cut into pieces, in messages and in what is looked for alike.</summary>
    public const int LongestWord = 64;

    private readonly ReadOnlySpan<char> _text = text;
    private readonly Span<char> _buffer = buffer;
    private int _at;

    /// <summary>The word last read; until the next is.</summary>
    public ReadOnlySpan<char> Word { get; private set; }

    /// <summary>What stands behind it; NUL at the text's end.</summary>
    public readonly char Next => _at < _text.Length ? _text[_at] : '\0';

    /// <summary>Reads on to the next word; a word ends where neither a letter, a mark nor a digit stands.</summary>
    public bool Read()
    {
        while (_at < _text.Length && !IsWord(_at)) _at++;
        int start = _at;
        while (_at < _text.Length && _at - start < LongestWord && IsWord(_at)) _at++;
        if (_at == start) return false;
        // Not between the halves of a pair.
        if (_at < _text.Length && _at - start == LongestWord && char.IsLowSurrogate(_text[_at]) && IsWord(_at)) _at--;
        int length = _text[start.._at].ToLowerInvariant(_buffer);
        Word = _buffer[..length];
        return true;
    }

    private readonly bool IsWord(int index)
    {
        char c = _text[index];
        if (char.IsAscii(c)) return char.IsAsciiLetterOrDigit(c);
        if (!char.IsSurrogate(c)) return char.IsLetterOrDigit(c) || char.IsNumber(c) || IsMark(char.GetUnicodeCategory(c));
        int lead = char.IsLowSurrogate(c) ? index - 1 : index;
        return lead >= 0 && Rune.DecodeFromUtf16(_text[lead..], out Rune rune, out int length) == System.Buffers.OperationStatus.Done && length == 2
            && (Rune.IsLetterOrDigit(rune) || Rune.IsNumber(rune));
    }

    private static bool IsMark(UnicodeCategory category) => category is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
}
