using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Smxp.Host.Configuration;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Host.Blobs;

/// <summary>
/// Files that anybody may fetch who has their link, until it expires: for people who have a browser and nothing else. The link is a capability; what is kept of it is its hash, with
/// the attachment and its key, since whoever opens it cannot decrypt.
/// </summary>
internal sealed class SharedFiles(IBridgeState records, SmxpOptions options, TimeProvider time)
{
    public const string Path = "/.smxp/files";

    private const string Ledger = "files";

    /// <summary>A new link to a file.</summary>
    public async Task<Uri> ShareAsync(Attachment attachment, DateTimeOffset expires, CancellationToken cancellationToken)
    {
        string token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        byte[] value = JsonSerializer.SerializeToUtf8Bytes(new SharedFile(attachment, expires.ToUnixTimeSeconds()));
        await records.PutAsync([new BridgeRecord(Ledger, null, KeyOf(token), value)], cancellationToken);
        return new Uri($"{Root}{Path}/{token}");
    }

    /// <summary>The file a link leads to; null where it leads nowhere, or no longer.</summary>
    public async Task<Attachment?> FindAsync(string token, CancellationToken cancellationToken)
    {
        string key = KeyOf(token);
        if (await records.GetAsync(Ledger, null, key, cancellationToken) is not { } value || JsonSerializer.Deserialize<SharedFile>(value) is not { } file) return null;
        if (file.ExpiresAt > time.GetUtcNow().ToUnixTimeSeconds()) return file.Attachment;
        await records.RemoveAsync(Ledger, null, key, cancellationToken);
        return null;
    }

    // On this machine there is no certificate to speak of; everywhere else there is one.
    private string Root => options.PublicHost == "localhost" || (IPAddress.TryParse(options.PublicHost, out var address) && IPAddress.IsLoopback(address))
        ? $"http://{options.PublicHost}:{options.PublicPort}"
        : $"https://{options.PublicHost}:{options.PublicPort}";

    private static string KeyOf(string token) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    private sealed record SharedFile(Attachment Attachment, long ExpiresAt);
}
