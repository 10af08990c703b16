using System.Globalization;
using System.Text;
using Smxp.Plugins.Host;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Outbound.Links;

/// <summary>
/// Attachments too large for a mail: the largest of them become links that expire, until the rest fits (email mapping §5). A link is noted under the mail's and the blob's id, so that
/// every attempt, and everybody a mail goes to, has the same.
/// </summary>
internal sealed class LargeFiles(IBlobs blobs, IBridgeState state, OutboundSettings settings, TimeProvider time)
{
    /// <summary>Which attachments go with the mail, and which as links.</summary>
    public async Task<SplitFiles> SplitAsync(string mailId, IReadOnlyList<Attachment> attachments, CancellationToken cancellationToken)
    {
        long left = attachments.Sum(SizeOf);
        var linked = new HashSet<Attachment>(ReferenceEqualityComparer.Instance);
        foreach (var largest in attachments.OrderByDescending(SizeOf))
        {
            if (left <= settings.MaxMessageBytes) break;
            linked.Add(largest);
            left -= SizeOf(largest);
        }

        var links = new List<FileLink>();
        foreach (var attachment in attachments.Where(linked.Contains)) links.Add(await LinkAsync(mailId, attachment, cancellationToken));
        return new SplitFiles([.. attachments.Where(attachment => !linked.Contains(attachment))], links);
    }

    private async Task<FileLink> LinkAsync(string mailId, Attachment attachment, CancellationToken cancellationToken)
    {
        string key = $"link/{mailId}/{attachment.BlobId}";
        string? noted = await state.GetAsync(EmailBridge.BridgeName, null, key, cancellationToken) is { } value ? Encoding.UTF8.GetString(value) : null;
        if (noted is null)
        {
            var expires = time.GetUtcNow().AddDays(settings.LinkDays);
            var address = await blobs.ShareAsync(attachment, expires, cancellationToken);
            noted = string.Create(CultureInfo.InvariantCulture, $"{expires:yyyy-MM-dd} {address}");
            // Whoever was first has it: another recipient of the same mail may be on the way at this moment.
            if (!await state.PutAsync([new BridgeRecord(EmailBridge.BridgeName, null, key, Encoding.UTF8.GetBytes(noted), Unique: true)], cancellationToken))
                noted = Encoding.UTF8.GetString((await state.GetAsync(EmailBridge.BridgeName, null, key, cancellationToken))!);
        }

        string[] parts = noted.Split(' ', 2);
        return new FileLink(attachment.Name ?? attachment.BlobId, SizeOf(attachment), new Uri(parts[1]), parts[0]);
    }

    private static long SizeOf(Attachment attachment) => attachment.Encryption?.PlaintextSize ?? attachment.Size;
}

/// <summary>The attachments of a message, as a mail carries them.</summary>
internal sealed record SplitFiles(IReadOnlyList<Attachment> Attached, IReadOnlyList<FileLink> Links);

/// <summary>A file that is fetched by link.</summary>
internal sealed record FileLink(string Name, long Size, Uri Address, string Until)
{
    /// <summary>As a line of text.</summary>
    public string Text => string.Create(CultureInfo.InvariantCulture, $"{Name} ({Size / 1048576.0:0.0} MiB, until {Until}): {Address}");
}
