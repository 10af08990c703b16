using System.Text.Json;

namespace Smxp.Protocol.Json;

/// <summary>
/// Whether every name and string in a JSON text is text. System.Text.Json accepts lone surrogates when it reads and throws when the
/// value is used; what is handed on as a <see cref="JsonElement"/> must not hold any.
/// </summary>
internal static class WellFormedText
{
    /// <param name="utf8">The JSON text.</param>
    /// <param name="namesOnly">Whether lone surrogates may stand in values.</param>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static bool IsIn(ReadOnlySpan<byte> utf8, bool namesOnly)
    {
        if (utf8.IndexOf("\\u"u8) < 0) return true;
        var reader = CanonicalWriter.Read(utf8);
        while (reader.Read())
        {
            bool isAsked = reader.TokenType == JsonTokenType.PropertyName || (reader.TokenType == JsonTokenType.String && !namesOnly);
            if (isAsked && reader.ValueIsEscaped && !IsText(JsonText.Decode(reader.ValueSpan))) return false;
        }

        return true;
    }

    private static bool IsText(string value)
    {
        for (int i = 0; i < value.Length; i++)
        {
            if (!char.IsSurrogate(value[i])) continue;
            if (!char.IsHighSurrogate(value[i]) || i + 1 == value.Length || !char.IsLowSurrogate(value[++i])) return false;
        }

        return true;
    }
}
