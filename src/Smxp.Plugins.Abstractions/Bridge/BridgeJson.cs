using System.Text.Json;
using System.Text.Json.Serialization;

namespace Smxp.Plugins.Bridge;

/// <summary>How bodies and answers of bridges are written: as everything else on this API.</summary>
internal static class BridgeJson
{
    public static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };
}
