using System.Text.Json;
using System.Text.Json.Serialization;

namespace Smxp.Client.Transport;

/// <summary>A truth value that servers write as <c>true</c>, as <c>1</c> (the reference) or as <c>null</c>.</summary>
internal sealed class FlagConverter : JsonConverter<bool>
{
    public override bool HandleNull => true;

    public override bool Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False or JsonTokenType.Null => false,
        JsonTokenType.Number => reader.GetDouble() != 0,
        _ => throw new JsonException("A flag is a boolean or a number."),
    };

    public override void Write(Utf8JsonWriter writer, bool value, JsonSerializerOptions options) => writer.WriteBooleanValue(value);
}
