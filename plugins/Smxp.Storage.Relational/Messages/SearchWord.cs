using Smxp.Protocol;

namespace Smxp.Storage.Relational.Messages;

/// <summary>A word to look for.</summary>
/// <param name="Text">Letters and digits, lower-case.</param>
/// <param name="IsPrefix">Whether longer words that begin with it count.</param>
internal readonly record struct SearchWord(string Text, bool IsPrefix)
{
    // What a message adds to the index is bounded, whatever its size: 256 Ki characters are a thick book.
    private const int MaxCharacters = 256 * 1024;
    private const int MaxQueryWords = 32;

    /// <summary>The words of any text at all.</summary>
    public static IReadOnlyList<SearchWord> Parse(string text)
    {
        var words = new List<SearchWord>();
        var reader = new WordReader(text, stackalloc char[WordReader.LongestWord]);
        while (words.Count < MaxQueryWords && reader.Read()) words.Add(new SearchWord(reader.Word.ToString(), reader.Next == '*'));
        return words;
    }

    /// <summary>The distinct words of a message: subject, body, participants and attachment names.</summary>
    public static IReadOnlyCollection<string> Of(Envelope envelope, string? plainText)
    {
        var words = new HashSet<string>(StringComparer.Ordinal);
        int left = MaxCharacters;
        Add(words, envelope.Subject, ref left);
        Add(words, envelope.From, ref left);
        Add(words, envelope.To, ref left);
        Add(words, envelope.Name, ref left);
        foreach (Attachment attachment in envelope.Attachments) Add(words, attachment.Name, ref left);
        Add(words, plainText ?? envelope.Body, ref left);
        return words;
    }

    private static void Add(HashSet<string> words, string? text, ref int left)
    {
        ReadOnlySpan<char> read = text.AsSpan(0, Math.Min(text?.Length ?? 0, left));
        left -= read.Length;
        HashSet<string>.AlternateLookup<ReadOnlySpan<char>> known = words.GetAlternateLookup<ReadOnlySpan<char>>();
        var reader = new WordReader(read, stackalloc char[WordReader.LongestWord]);
        while (reader.Read()) known.Add(reader.Word);
    }
}
