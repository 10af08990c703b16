using System.Buffers.Text;
using System.Globalization;

namespace Smxp.Protocol.Json;

/// <summary>Numbers as ECMAScript holds and writes them: doubles, in the shortest decimal form that reads back the same (ECMA-262 Number::toString).</summary>
internal static class EcmaNumber
{
    public const long MaxSafeInteger = (1L << 53) - 1;

    /// <summary>No formatted number is longer.</summary>
    public const int MaxLength = 40;

    private const int MaxPlainDigits = 15;

    /// <summary>Writes what a JSON number becomes.</summary>
    public static void Write(ReadOnlySpan<byte> json, ref CanonicalSink sink)
    {
        if (IsPlainInteger(json))
        {
            sink.Write(json);
            return;
        }

        Span<byte> text = stackalloc byte[MaxLength];
        sink.Write(text[..Format(Parse(json), text)]);
    }

    /// <summary>The integer a JSON number stands for (<c>1e3</c> and <c>1.0</c> are integers); false for fractions and for what a double cannot hold exactly.</summary>
    public static bool TryGetInteger(ReadOnlySpan<byte> json, out long value)
    {
        if (IsPlainInteger(json)) return Utf8Parser.TryParse(json, out value, out _);
        double number = Parse(json);
        bool isInteger = double.IsInteger(number) && Math.Abs(number) <= MaxSafeInteger;
        value = isInteger ? (long)number : 0;
        return isInteger;
    }

    /// <summary>Writes a double and answers how many bytes that took.</summary>
    public static int Format(double value, Span<byte> destination)
    {
        if (!double.IsFinite(value))
        {
            "null"u8.CopyTo(destination);
            return 4;
        }

        Span<byte> digits = stackalloc byte[MaxLength];
        int count = Decompose(value, digits, out int point);
        if (count == 0)
        {
            destination[0] = (byte)'0';
            return 1;
        }

        int length = 0;
        if (value < 0) destination[length++] = (byte)'-';
        return length + Lay(digits[..count], point, destination[length..]);
    }

    /// <summary>Shortest decimal digits without zeros at either end; the value is 0.digits × 10^point.</summary>
    private static int Decompose(double value, Span<byte> digits, out int point)
    {
        Span<byte> text = stackalloc byte[MaxLength];
        Math.Abs(value).TryFormat(text, out int length, "R", CultureInfo.InvariantCulture);
        int count = 0, leading = 0, exponent = 0, fraction = -1;
        for (int i = 0; i < length; i++)
        {
            byte c = text[i];
            if (c == '.')
            {
                fraction = count + leading;
            }
            else if (c == 'E')
            {
                exponent = int.Parse(text[(i + 1)..length], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
                if (fraction < 0) fraction = count + leading;
                break;
            }
            else if (c == '0' && count == 0)
            {
                leading++;
            }
            else
            {
                digits[count++] = c;
            }
        }

        point = (fraction < 0 ? count + leading : fraction) - leading + exponent;
        while (count > 0 && digits[count - 1] == '0') count--;
        return count;
    }

    private static int Lay(ReadOnlySpan<byte> digits, int point, Span<byte> destination)
    {
        if (digits.Length <= point && point <= 21)
        {
            digits.CopyTo(destination);
            destination[digits.Length..point].Fill((byte)'0');
            return point;
        }

        if (point is > 0 and <= 21) return Split(digits, point, destination);
        if (point is > -6 and <= 0)
        {
            "0."u8.CopyTo(destination);
            destination.Slice(2, -point).Fill((byte)'0');
            digits.CopyTo(destination[(2 - point)..]);
            return 2 - point + digits.Length;
        }

        int length = digits.Length == 1 ? 1 : Split(digits, 1, destination);
        destination[0] = digits[0];
        destination[length++] = (byte)'e';
        destination[length++] = (byte)(point > 0 ? '+' : '-');
        Utf8Formatter.TryFormat(Math.Abs(point - 1), destination[length..], out int written);
        return length + written;
    }

    private static int Split(ReadOnlySpan<byte> digits, int point, Span<byte> destination)
    {
        digits[..point].CopyTo(destination);
        destination[point] = (byte)'.';
        digits[point..].CopyTo(destination[(point + 1)..]);
        return digits.Length + 1;
    }

    private static double Parse(ReadOnlySpan<byte> json) => double.Parse(json, NumberStyles.Float, CultureInfo.InvariantCulture);

    /// <summary>Digits alone, few enough to be exact, and not <c>-0</c>: the form it has is the form it gets.</summary>
    private static bool IsPlainInteger(ReadOnlySpan<byte> json)
    {
        bool negative = json[0] == '-';
        var digits = negative ? json[1..] : json;
        return digits.Length <= MaxPlainDigits && !digits.ContainsAnyExceptInRange((byte)'0', (byte)'9') && !(negative && digits[0] == '0');
    }
}
