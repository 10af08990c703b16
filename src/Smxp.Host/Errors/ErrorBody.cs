using System.Text.Json.Serialization;

namespace Smxp.Host.Errors;

/// <summary>The one shape of every error.</summary>
internal sealed record ErrorBody([property: JsonPropertyName("error")] string Error);

[JsonSerializable(typeof(ErrorBody))]
internal sealed partial class ErrorJson : JsonSerializerContext;
