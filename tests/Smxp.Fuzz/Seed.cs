using System.Text;

namespace Smxp.Fuzz;

/// <summary>Seeds and words as they are written in the targets.</summary>
internal static class Seed
{
    /// <summary>UTF-8, lines ending in CRLF.</summary>
    public static byte[] Lines(string text) => Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n"));

    /// <summary>UTF-8, as they are.</summary>
    public static byte[][] Words(params string[] words) => [.. words.Select(Encoding.UTF8.GetBytes)];
}
