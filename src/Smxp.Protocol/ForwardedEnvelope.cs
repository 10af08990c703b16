using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace Smxp.Protocol;

/// <summary>The envelope inside a forward: its body is the JSON text of the original (SMXP §2).</summary>
public static class ForwardedEnvelope
{
    /// <summary>The content type of a forward.</summary>
    public const string ContentType = "forward";

    /// <summary>The body of a forward of this envelope. Forwarding a forward keeps the innermost original.</summary>
    public static string BodyFor(SignedEnvelope original) =>
        original.Envelope is { ContentType: ContentType, Body: { } innermost } ? innermost : Encoding.UTF8.GetString(original.Utf8.Span);

    /// <summary>Reads the body of a forward. All but version, id and addresses may be absent; the timestamp is then 0, texts are empty.</summary>
    /// <param name="body">The body.</param>
    /// <param name="original">The original. Nobody has verified its signature.</param>
    /// <param name="error">What is wrong, in words for the sender.</param>
    public static bool TryParse(string body, [NotNullWhen(true)] out Envelope? original, [NotNullWhen(false)] out string? error)
    {
        original = null;
        try
        {
            original = EnvelopeReader.Read(Encoding.UTF8.GetBytes(body), isForwarded: true, out _, out _, out error);
            if (original is { ContentType: ContentType }) (original, error) = (null, "a forward inside a forward");
            if (original is null) error ??= "malformed envelope";
            return original is not null;
        }
        catch (JsonException)
        {
            error = "not JSON";
            return false;
        }
    }
}
