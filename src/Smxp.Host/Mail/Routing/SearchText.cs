using Smxp.Plugins.Content;
using Smxp.Plugins.Host;
using Smxp.Protocol;

namespace Smxp.Host.Mail.Routing;

/// <summary>The words of a body by which it is found.</summary>
internal static class SearchText
{
    // Strangers write bodies, and rendering costs more than storing: what stands this far down a page is not looked for.
    private const int LongestRendered = 64 * 1024;

    /// <summary>Plain text; null where the body is plain already.</summary>
    public static string? Of(Envelope envelope, IContentTypes contentTypes)
    {
        if (envelope.Body is not { Length: > 0 } body || envelope.ContentType == "text") return null;
        if (!contentTypes.TryGet(envelope.ContentType, out IContentType? contentType)) return null;
        if (body.Length <= LongestRendered) return contentType.RenderText(body);
        // A forward is JSON, and a part of it would be nothing.
        return envelope.ContentType == "forward" ? "" : contentType.RenderText(body[..LongestRendered]);
    }
}
