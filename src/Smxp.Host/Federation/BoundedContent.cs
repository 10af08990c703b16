namespace Smxp.Host.Federation;

/// <summary>Reads what a stranger's server answers, and no more of it than is good.</summary>
internal static class BoundedContent
{
    /// <summary>The whole content, or null where it is longer than the limit.</summary>
    public static async Task<byte[]?> ReadAsync(HttpContent content, int limit, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength > limit) return null;
        await using System.IO.Stream stream = await content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[Math.Min(limit, (int?)content.Headers.ContentLength ?? 4096) + 1];
        int length = 0;
        while (true)
        {
            int read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken);
            if (read == 0) return buffer[..length];
            length += read;
            if (length > limit) return null;
            if (length == buffer.Length) Array.Resize(ref buffer, Math.Min(limit + 1, length * 2));
        }
    }
}
