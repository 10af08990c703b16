using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace Smxp.Host.Federation;

/// <summary>Reads a request's body into memory, growing with what has arrived and never past the limit.</summary>
internal static class RequestBody
{
    private const int TrustedLength = 64 * 1024;

    /// <summary>The body, or null where it is longer than the limit.</summary>
    public static async ValueTask<byte[]?> ReadAsync(HttpContext context, long limit, CancellationToken cancellationToken)
    {
        if (context.Request.ContentLength > limit) return null;
        // The limit here is the operator's, which may be above or below the server's own.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = null;
        PipeReader reader = context.Request.BodyReader;
        if (context.Request.ContentLength is { } length and <= TrustedLength)
        {
            ReadResult whole = await reader.ReadAtLeastAsync((int)Math.Max(1, length), cancellationToken);
            byte[] body = whole.Buffer.ToArray();
            reader.AdvanceTo(whole.Buffer.End);
            return body;
        }
        return await ReadUnknownAsync(reader, limit, cancellationToken);
    }

    private static async Task<byte[]?> ReadUnknownAsync(PipeReader reader, long limit, CancellationToken cancellationToken)
    {
        var body = new ArrayBufferWriter<byte>();
        while (true)
        {
            ReadResult result = await reader.ReadAsync(cancellationToken);
            if (body.WrittenCount + result.Buffer.Length > limit)
            {
                reader.AdvanceTo(result.Buffer.Start);
                return null;
            }
            foreach (ReadOnlyMemory<byte> segment in result.Buffer) body.Write(segment.Span);
            reader.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted) return body.WrittenSpan.ToArray();
        }
    }
}
