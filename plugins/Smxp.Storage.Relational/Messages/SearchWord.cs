using System.Text;
using Smxp.Protocol;

namespace Smxp.Storage.Relational.Messages;

/// <summary>A word to look for.</summary>
/// <param name="Text">Letters and digits, lower-case.</param>
/// <param name="IsPrefix">Whether longer words that begin with it count.</param>
internal readonly record struct SearchWord(string Text, bool IsPrefix)
{
    // What a message adds to the index is bounded, whatever its size: 256 Ki characters are a thick book.
    private const int MaxCharacters = 256 * 1024;
    private const int MaxWordLength = 64;
    private const int MaxQueryWords = 32;

    /// <summary>The words of any text at all; a word ends where neither a letter, a mark nor a digit stands.</summary>
    public static IReadOnlyList<SearchWord> Parse(string text)
    {
        var words = new List<SearchWord>();
        foreach ((string word, char next) in Split(text))
        {
            if (words.Count == MaxQueryWords) break;
            words.Add(new SearchWord(word, next == '*'));
        }

        return words;
    }

    /// <summary>The distinct words of a message: subject, body, participants and attachment names.</summary>
    public static IReadOnlyCollection<string> Of(Envelope envelope, string? plainText)
    {
        var words = new HashSet<string>(StringComparer.Ordinal);
        int left = MaxCharacters;
        Add(envelope.Subject);
        Add(envelope.From);
        Add(envelope.To);
        Add(envelope.Name);
        foreach (Attachment attachment in envelope.Attachments) Add(attachment.Name);
        Add(plainText ?? envelope.Body);
        return words;

        void Add(string? text)
        {
            if (text is null || left == 0) return;
            if (text.Length > left) text = text[..left];
            left -= text.Length;
            foreach ((string word, _) in Split(text)) words.Add(word);
        }
    }

    private static IEnumerable<(string Word, char Next)> Split(string text)
    {
        int start = -1;
        for (int i = 0; i <= text.Length; i++)
        {
            bool inside = i < text.Length && IsWord(text, i);
            if (inside && start < 0) start = i;
            if (inside && i - start < MaxWordLength) continue;
            if (start < 0) continue;
            // A word longer than any reader types is cut into pieces, here and in what is looked for alike.
            int end = inside && char.IsLowSurrogate(text[i]) ? i - 1 : i;
            yield return (text[start..end].ToLowerInvariant(), i < text.Length ? text[i] : '\0');
            start = inside ? end : -1;
        }
    }

    private static bool IsWord(string text, int index)
    {
        char c = text[index];
        if (char.IsAscii(c)) return char.IsAsciiLetterOrDigit(c);
        if (!char.IsSurrogate(c)) return char.IsLetterOrDigit(c) || char.IsNumber(c) || IsMark(char.GetUnicodeCategory(c));
        int lead = char.IsLowSurrogate(c) ? index - 1 : index;
        return lead >= 0 && Rune.TryGetRuneAt(text, lead, out Rune rune) && (Rune.IsLetterOrDigit(rune) || Rune.IsNumber(rune));
    }

    private static bool IsMark(System.Globalization.UnicodeCategory category) =>
        category is System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.SpacingCombiningMark;
}
