using System.Text.Json;
using Smxp.Protocol.Json;

namespace Smxp.Protocol;

/// <summary>ECMAScript's <c>JSON.stringify(JSON.parse(text))</c>, byte for byte (SMXP §5).</summary>
public static class CanonicalJson
{
    /// <summary>Writes the canonical form of a JSON text.</summary>
    /// <param name="utf8">One JSON value.</param>
    /// <exception cref="FormatException">The text is not JSON, not UTF-8, or nested deeper than 64.</exception>
    public static byte[] Canonicalize(ReadOnlySpan<byte> utf8)
    {
        var sink = new CanonicalSink(utf8.Length);
        try
        {
            CanonicalWriter.WriteText(utf8, ref sink, default);
            return sink.ToArray();
        }
        catch (JsonException exception)
        {
            throw new FormatException("The text is not JSON.", exception);
        }
        finally
        {
            sink.Dispose();
        }
    }
}
