using System.Text.Json;
using System.Text.Json.Serialization;

namespace Smxp.Host.Admin;

/// <summary>A switch on the wire: the reference writes and reads 1 and 0; true and false are understood too.</summary>
internal sealed class SwitchConverter : JsonConverter<bool>
{
    public override bool Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        JsonTokenType.Number when reader.TryGetInt32(out int number) && (number is 0 or 1) => number == 1,
        _ => throw new JsonException("true, false, 1 or 0 is expected"),
    };

    public override void Write(Utf8JsonWriter writer, bool value, JsonSerializerOptions options) => writer.WriteNumberValue(value ? 1 : 0);
}
