using System.Security.Cryptography;
using System.Text;
using Smxp.Bridge.Email.ReturnPaths;
using Smxp.Mail.Smtp.Paths;
using Smxp.Plugins.Storage;

namespace Smxp.Bridge.Email.Relay;

/// <summary>Return paths of relayed mail, and back. A sender that does not fit into a local part is remembered (<c>srs/{name}</c>), and the local part holds the name.</summary>
internal sealed class SrsAddresses(IBridgeState state, ReturnPathSecret secret, TimeProvider time)
{
    private const int NameLength = 10;
    // RFC 5321 §4.5.3.1.1.
    private const int LongestLocal = 64;

    /// <summary>A sender as an address at a domain of ours.</summary>
    public async ValueTask<MailPath> RewriteAsync(MailPath sender, string domain, CancellationToken cancellationToken)
    {
        var codec = await CodecAsync(cancellationToken);
        string local = codec.Forward(sender.Local, sender.Domain, time.GetUtcNow());
        if (Encoding.UTF8.GetByteCount(local) > LongestLocal) local = codec.Forward(await RememberAsync(sender, cancellationToken), SrsCodec.Remembered, time.GetUtcNow());
        return new MailPath(local, domain);
    }

    /// <summary>The sender that an address of ours stands for; null where it is forged, spoilt or too old.</summary>
    public async ValueTask<MailPath?> ReverseAsync(MailPath address, CancellationToken cancellationToken)
    {
        if ((await CodecAsync(cancellationToken)).Reverse(address.Local, time.GetUtcNow()) is not { } found) return null;
        if (found.Domain != SrsCodec.Remembered) return new MailPath(found.Local, found.Domain);
        byte[]? value = await state.GetAsync(EmailBridge.BridgeName, null, NameKey(found.Local.ToLowerInvariant()), cancellationToken);
        return value is not null && Encoding.UTF8.GetString(value).Split('\n') is [var local, var domain] ? new MailPath(local, domain) : null;
    }

    private async Task<string> RememberAsync(MailPath sender, CancellationToken cancellationToken)
    {
        byte[] value = Encoding.UTF8.GetBytes($"{sender.Local}\n{sender.Domain}");
        string name = Convert.ToHexStringLower(SHA256.HashData(value).AsSpan(0, NameLength));
        await state.PutAsync([new BridgeRecord(EmailBridge.BridgeName, null, NameKey(name), value)], cancellationToken);
        return name;
    }

    private async ValueTask<SrsCodec> CodecAsync(CancellationToken cancellationToken) => new(await secret.SealAsync(cancellationToken));

    private static string NameKey(string name) => $"srs/{name}";
}
