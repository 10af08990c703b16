using System.Buffers;
using System.IO.Pipelines;

namespace Smxp.Host.Federation;

/// <summary>Reads a request's body into memory, growing with what has arrived and never past the limit. For endpoints with <c>BodyLimit.None</c>.</summary>
internal static class RequestBody
{
    private const int TrustedLength = 64 * 1024;

    /// <summary>The body, or null where it is longer than the limit.</summary>
    public static async ValueTask<byte[]?> ReadAsync(HttpContext context, long limit, CancellationToken cancellationToken)
    {
        if (context.Request.ContentLength > limit) return null;
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
