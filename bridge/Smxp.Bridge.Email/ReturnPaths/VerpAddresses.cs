using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Smxp.Bridge.Email.Outbound;
using Smxp.Mail.Smtp.Paths;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.ReturnPaths;

/// <summary>
/// Return paths that say which mail comes back, whatever is written in it (email mapping §6): at the author's own domain, so that SPF and DMARC stay aligned. A message's id and mailbox do not fit
/// into a local part; they are remembered as <c>verp/{day}/{name}</c> until nothing comes back any more. What was given out is honoured whether or not new ones are.
/// </summary>
internal sealed class VerpAddresses(IBridgeState state, ReturnPathSecret secret, bool isOn, TimeProvider time)
{
    private const string Prefix = "verp/";
    private const int Page = 200;

    /// <summary>A mail with a return path of its own; as it is, where the setting is off or its sender has no mailbox here.</summary>
    /// <param name="mail">A mail whose return path is its author's address.</param>
    /// <param name="mailbox">In whose mailbox the message is.</param>
    /// <param name="messageId">The message, which has one recipient.</param>
    /// <param name="cancellationToken">Breaks off.</param>
    public async ValueTask<OutgoingMail> MarkAsync(OutgoingMail mail, Address? mailbox, string messageId, CancellationToken cancellationToken)
    {
        if (!isOn || mailbox is null) return mail;
        var now = time.GetUtcNow();
        string domain = mail.ReturnPath[(mail.ReturnPath.LastIndexOf('@') + 1)..].ToLowerInvariant();
        byte[] value = Encoding.UTF8.GetBytes($"{mailbox}\n{messageId}");
        string name = Convert.ToHexStringLower(SHA256.HashData(value))[..VerpCodec.NameLength];
        // Before it leaves: a bounce may be quicker than anything written later.
        await state.PutAsync([new BridgeRecord(EmailBridge.BridgeName, null, KeyOf(LocalPartSeal.Number(now), name), value)], cancellationToken);
        string local = new VerpCodec(await secret.SealAsync(cancellationToken)).Write(name, domain, now);
        return mail with { ReturnPath = $"{local}@{domain}" };
    }

    /// <summary>The mail that an address stands for; null where it is none of these, forged, spoilt or too old.</summary>
    public async ValueTask<ReturnedMail?> FindAsync(MailPath path, CancellationToken cancellationToken)
    {
        if (!VerpCodec.IsReturnPath(path.Local)) return null;
        if (new VerpCodec(await secret.SealAsync(cancellationToken)).Read(path.Local, path.Domain.ToLowerInvariant(), time.GetUtcNow()) is not { } found) return null;
        byte[]? value = await state.GetAsync(EmailBridge.BridgeName, null, KeyOf(found.Day, found.Name), cancellationToken);
        if (value is null || Encoding.UTF8.GetString(value).Split('\n') is not [var mailbox, var messageId]) return null;
        return Address.TryParse(mailbox, out var author) ? new ReturnedMail(author, messageId) : null;
    }

    /// <summary>Forgets some of those too old to be honoured; answers how many. Zero when none is left.</summary>
    public async Task<int> ForgetAsync(CancellationToken cancellationToken)
    {
        string oldest = KeyOf(LocalPartSeal.OldestDay(time.GetUtcNow()), "");
        var known = await state.ListAsync(EmailBridge.BridgeName, null, Prefix, null, Page, cancellationToken);
        var old = known.Where(record => string.CompareOrdinal(record.Key, oldest) < 0).ToList();
        await Task.WhenAll(old.Select(record => state.RemoveAsync(EmailBridge.BridgeName, null, record.Key, cancellationToken)));
        return old.Count;
    }

    private static string KeyOf(int day, string name) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{day:D6}/{name}");
}

/// <summary>The mail that a return path stands for.</summary>
/// <param name="Author">In whose mailbox the message is.</param>
/// <param name="MessageId">The message.</param>
internal sealed record ReturnedMail(Address Author, string MessageId);
