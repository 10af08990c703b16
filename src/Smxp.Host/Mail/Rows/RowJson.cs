using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Smxp.Protocol;

namespace Smxp.Host.Mail.Rows;

/// <summary>How rows are written: attachments as they travel, and text raw, since nothing here is ever read as HTML.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Attachment))]
internal sealed partial class RowJson : JsonSerializerContext
{
    public static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
}
