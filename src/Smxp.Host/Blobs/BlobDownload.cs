using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Net.Http.Headers;
using Smxp.Host.Errors;
using Smxp.Plugins.Storage;

namespace Smxp.Host.Blobs;

/// <summary>
/// Writes a blob, or ranges of it, to a response (RFC 9110 §14, §15.3.7). What it is and what it is called are its owner's words, so browsers are told
/// neither to guess nor to run it.
/// </summary>
internal sealed class BlobDownload(BlobRecord blob, IBlobStore store) : IResult
{
    private const int BufferSize = 65536;
    private const string UnknownType = "application/octet-stream";
    private static readonly Rejection BadRange = new(StatusCodes.Status416RangeNotSatisfiable, "invalid range");

    // The bytes behind an id never change, so their hash is a strong validator (RFC 9110 §8.8.3).
    private readonly EntityTagHeaderValue _tag = new($"\"{blob.Sha256}\"");

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (request, response) = (httpContext.Request, httpContext.Response);
        response.Headers.AcceptRanges = "bytes";
        response.Headers.CacheControl = "private, no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        response.Headers["Referrer-Policy"] = "no-referrer"; // The URL holds a token.
        response.Headers.ETag = _tag.ToString();
        if (request.GetTypedHeaders().IfNoneMatch is { Count: > 0 } known && known.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Compare(_tag, useStrongComparison: false)))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        var ranges = AskedFor(request);
        if (ranges is { Count: 0 })
        {
            response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes */{blob.Size}");
            await BadRange.ExecuteAsync(httpContext);
            return;
        }

        response.Headers.ContentDisposition = Disposition();
        if (ranges is null) await WriteWholeAsync(httpContext);
        else if (ranges.Count == 1) await WriteRangeAsync(httpContext, ranges[0]);
        else await WriteRangesAsync(httpContext, ranges);
    }

    private string ContentType => MediaTypeHeaderValue.TryParse(blob.ContentType, out var type) && blob.ContentType!.All(char.IsAscii) ? type.ToString() : UnknownType;

    private IReadOnlyList<ByteRange>? AskedFor(HttpRequest request)
    {
        // RFC 9110 §14.2: Range means something to GET only; and §13.1.5: If-Range that does not match makes it mean nothing.
        if (!HttpMethods.IsGet(request.Method)) return null;
        var condition = request.GetTypedHeaders().IfRange;
        bool holds = request.Headers.IfRange.Count == 0 || (condition?.EntityTag?.Compare(_tag, useStrongComparison: true) ?? false);
        return holds ? RangeHeader.Read(request.Headers.Range, blob.Size) : null;
    }

    private Task WriteWholeAsync(HttpContext context)
    {
        context.Response.ContentType = ContentType;
        context.Response.ContentLength = blob.Size;
        return WriteAsync(context, new ByteRange(0, blob.Size - 1));
    }

    private Task WriteRangeAsync(HttpContext context, ByteRange range)
    {
        context.Response.StatusCode = StatusCodes.Status206PartialContent;
        context.Response.ContentType = ContentType;
        context.Response.ContentLength = range.Length;
        context.Response.Headers.ContentRange = ContentRange(range);
        return WriteAsync(context, range);
    }

    private async Task WriteRangesAsync(HttpContext context, IReadOnlyList<ByteRange> ranges)
    {
        string boundary = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        byte[][] heads = [.. ranges.Select(range => Encoding.ASCII.GetBytes($"\r\n--{boundary}\r\nContent-Type: {ContentType}\r\nContent-Range: {ContentRange(range)}\r\n\r\n"))];
        byte[] end = Encoding.ASCII.GetBytes($"\r\n--{boundary}--\r\n");

        context.Response.StatusCode = StatusCodes.Status206PartialContent;
        context.Response.ContentType = $"multipart/byteranges; boundary={boundary}";
        context.Response.ContentLength = heads.Sum(head => head.Length) + ranges.Sum(range => range.Length) + end.Length;
        for (int i = 0; i < ranges.Count; i++)
        {
            await context.Response.Body.WriteAsync(heads[i], context.RequestAborted);
            await WriteAsync(context, ranges[i]);
        }

        await context.Response.Body.WriteAsync(end, context.RequestAborted);
    }

    private async Task WriteAsync(HttpContext context, ByteRange range)
    {
        if (HttpMethods.IsHead(context.Request.Method)) return;
        var cancellationToken = context.RequestAborted;
        await using var bytes = await store.OpenAsync(blob.Id, range.First, cancellationToken);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            for (long left = range.Length; left > 0;)
            {
                int read = bytes is null ? 0 : await bytes.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, left)), cancellationToken);
                if (read == 0)
                {
                    // Deleted while it was fetched. The length is promised: breaking off is the only honest end.
                    context.Abort();
                    return;
                }

                await context.Response.Body.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                left -= read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private string ContentRange(ByteRange range) => string.Create(CultureInfo.InvariantCulture, $"bytes {range.First}-{range.Last}/{blob.Size}");

    private string Disposition()
    {
        var disposition = new ContentDispositionHeaderValue("attachment");
        string name = string.Concat((blob.Name ?? "").Where(c => !char.IsControl(c) && c is not ('/' or '\\')));
        // RFC 6266 §4.3: a plain form for old readers, the exact one encoded (RFC 8187).
        if (name.Length > 0) disposition.SetHttpFileName(name);
        return disposition.ToString();
    }
}
