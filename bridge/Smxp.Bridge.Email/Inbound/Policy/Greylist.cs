using System.Net;
using System.Security.Cryptography;
using System.Text;
using Smxp.Bridge.Email.Inbound.Trust;
using Smxp.Mail.Smtp;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Inbound.Policy;

/// <summary>
/// Has strangers come again (RFC 6647): whoever brings mail from a network, sender and recipient not seen together before is put off, and let in when it returns after the delay.
/// From then on its network is known for the sender's domain, as is one whose mail proved its origin; neither waits again.
/// </summary>
internal sealed class Greylist(GreylistSettings settings, SenderCheck senders, IBridgeState state, TimeProvider time)
{
    private static readonly TimeSpan Refresh = TimeSpan.FromDays(1);

    /// <summary>How long to wait; null where there is no need to.</summary>
    public async ValueTask<TimeSpan?> DelayAsync(SmtpTransaction transaction, Address recipient, CancellationToken cancellationToken)
    {
        if (!settings.Enabled) return null;
        var now = time.GetUtcNow();
        if (await ReadAsync(Known(transaction), cancellationToken) is { } last && now - last < TimeSpan.FromDays(settings.RememberDays))
        {
            if (now - last > Refresh) await RememberAsync(transaction, cancellationToken);
            return null;
        }

        if (await senders.PassesAsync(transaction, cancellationToken)) return null;
        var (delay, attempt) = (TimeSpan.FromSeconds(settings.DelaySeconds), Attempt(transaction, recipient));
        if (await ReadAsync(attempt, cancellationToken) is not { } first || now - first > TimeSpan.FromHours(settings.RetryHours))
        {
            await WriteAsync(attempt, now, cancellationToken);
            return delay;
        }

        if (now - first < delay) return delay - (now - first);
        await RememberAsync(transaction, cancellationToken);
        return null;
    }

    /// <summary>Notes that a mail's client is no stranger any more.</summary>
    public Task RememberAsync(SmtpTransaction transaction, CancellationToken cancellationToken) => settings.Enabled ? WriteAsync(Known(transaction), time.GetUtcNow(), cancellationToken) : Task.CompletedTask;

    private static GreylistKey Known(SmtpTransaction transaction) => GreylistKey.Of('k', Network(transaction.Client), transaction.Sender.Domain.ToLowerInvariant());

    private static GreylistKey Attempt(SmtpTransaction transaction, Address recipient) => GreylistKey.Of('w', Network(transaction.Client), transaction.Sender.ToString().ToLowerInvariant(), recipient.ToString());

    // A farm of servers tries in turn: of IPv4 the /24, of IPv6 the /64 is one client.
    private static string Network(IPAddress client)
    {
        byte[] bytes = Networks.Plain(client).GetAddressBytes();
        return Convert.ToHexString(bytes.AsSpan(0, bytes.Length == 4 ? 3 : 8));
    }

    private async Task<DateTimeOffset?> ReadAsync(GreylistKey key, CancellationToken cancellationToken) =>
        await state.GetAsync(EmailBridge.BridgeName, null, key.Record, cancellationToken) is { } value && key.TryRead(value, out var at) ? at : null;

    private Task WriteAsync(GreylistKey key, DateTimeOffset at, CancellationToken cancellationToken) =>
        state.PutAsync([new BridgeRecord(EmailBridge.BridgeName, null, key.Record, key.Write(at))], cancellationToken);
}

/// <summary>
/// Where something is noted. There are so many places and no more, chosen by a hash, and whoever comes later to a place has it: strangers choose what is noted, so that
/// nothing else would bound it. Whose place it is stands in it.
/// </summary>
internal readonly record struct GreylistKey(string Record, byte[] Owner)
{
    // 131,072 places of each kind, some ten megabytes.
    private const int PlaceBits = 17;
    private const int OwnerBytes = 16;

    public static GreylistKey Of(char kind, params ReadOnlySpan<string> parts)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{kind}\n{string.Join('\n', parts!)}"));
        uint place = BitConverter.ToUInt32(hash) >> (32 - PlaceBits);
        return new GreylistKey($"grey/{kind}/{place:x5}", hash[^OwnerBytes..]);
    }

    public byte[] Write(DateTimeOffset at) => [.. Owner, .. BitConverter.GetBytes(at.ToUnixTimeSeconds())];

    public bool TryRead(byte[] value, out DateTimeOffset at)
    {
        bool mine = value.Length == OwnerBytes + sizeof(long) && value.AsSpan(0, OwnerBytes).SequenceEqual(Owner);
        at = mine ? DateTimeOffset.FromUnixTimeSeconds(BitConverter.ToInt64(value, OwnerBytes)) : default;
        return mine;
    }
}
