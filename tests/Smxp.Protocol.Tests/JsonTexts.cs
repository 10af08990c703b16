using System.Globalization;
using System.Text;
using CsCheck;

namespace Smxp.Protocol.Tests;

/// <summary>Generates JSON texts as strangers write them: spaces, escapes, duplicates, indices, odd numbers, lone surrogates.</summary>
internal static class JsonTexts
{
    /// <summary>Any UTF-16 text, lone surrogates and controls included, escaped at random.</summary>
    public static readonly Gen<string> Strings =
        Gen.Select(Gen.Char.Array[0, 12], Among("", "é", "\ud800", "\udc00", "\ud83d\ude00", "\u2028", "\"\\/", "\b\f\n\r\t\u0001\u007f"), (chars, odd) => new string(chars) + odd);

    private static readonly Gen<string> Blanks = Among("", "", "", " ", "\n", "\t\r ");

    private static readonly Gen<string> Numbers = Gen.OneOf(
        Gen.Double.Where(double.IsFinite).Select(d => d.ToString("R", CultureInfo.InvariantCulture)),
        Gen.Select(Gen.Long, n => n.ToString(CultureInfo.InvariantCulture)),
        Gen.Select(Gen.Int[0, 999_999], Gen.Int[-340, 330], (n, e) => $"{n}e{e}"),
        Gen.Select(Gen.Int[0, 99], Gen.Int[0, 99_999_999], Gen.Int[-25, 25], (a, b, e) => $"-{a}.{b}E{e:+0;-0}"),
        Among("-0", "0", "1.0", "1e21", "1e20", "123456789012345680000", "1e-7", "1e-6", "0.000001", "5e-324", "1e400", "-1e400", "1.7976931348623157e308", "9007199254740993", "0.1", "100", "1e3", "4.35", "2e-324"));

    private static readonly Gen<string> Names = Gen.OneOf(
        Among("a", "b", "__proto__", "constructor", "", "toString", "é", "01", "-1", "1.0", "4294967294", "4294967295", "4294967296", "99999999999"),
        Gen.Select(Gen.Int[0, 30], n => n.ToString(CultureInfo.InvariantCulture)),
        Strings);

    public static readonly Gen<string> Texts = Value(4);

    /// <summary>Quotes a string, escaping what must be and, by the dice, more.</summary>
    public static Gen<string> Quoted(Gen<string> strings) => Gen.Select(strings, Gen.UInt, (text, dice) =>
    {
        var random = new Random((int)dice);
        var json = new StringBuilder("\"");
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            bool isPair = char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            if (isPair && random.Next(2) == 0) json.Append(c).Append(text[++i]);
            else if (char.IsSurrogate(c) || c is < ' ' or '"' or '\\' || random.Next(8) == 0) json.Append(Escape(c, random));
            else json.Append(c);
        }

        return json.Append('"').ToString();
    });

    private static Gen<T> Among<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static string Escape(char c, Random random)
    {
        int form = random.Next(3);
        string? brief = c switch { '"' => "\\\"", '\\' => "\\\\", '/' => "\\/", '\b' => "\\b", '\f' => "\\f", '\n' => "\\n", '\r' => "\\r", '\t' => "\\t", _ => null };
        if (form == 0 && brief is not null) return brief;
        return "\\u" + ((int)c).ToString(form == 1 ? "x4" : "X4", CultureInfo.InvariantCulture);
    }

    private static Gen<string> Value(int depth)
    {
        var scalar = Gen.OneOf(Among("null", "true", "false"), Numbers, Quoted(Strings));
        if (depth == 0) return scalar;
        var inner = Value(depth - 1);
        var array = Gen.Select(Blanks, inner.Array[0, 4], (blank, items) => $"[{blank}{string.Join($"{blank},{blank}", items)}{blank}]");
        var member = Gen.Select(Quoted(Names), Blanks, inner, (name, blank, value) => $"{blank}{name}{blank}:{blank}{value}");
        var record = Gen.Select(Blanks, member.Array[0, 8], (blank, members) => $"{{{blank}{string.Join(",", members)}{blank}}}");
        return Gen.OneOf(scalar, array, record, record);
    }
}
