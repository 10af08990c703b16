using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Smxp.Bridge.Email.Ledger;
using Smxp.Plugins.Storage;

namespace Smxp.Bridge.Email.Relay;

/// <summary>
/// What is remembered of relayed mail: <c>relay/{mail}/{recipient}</c> (unique; a mail that comes again is not relayed again) and, where something must not happen twice,
/// <c>relay-end/{id}</c> (how it ended); and <c>arrival-told/{mail}/{recipient}</c> of mail that stays here, whose sender was told so.
/// </summary>
internal sealed class RelayRecords(IBridgeState state)
{
    public static BridgeRecord Arrival(MailIdentity identity, string recipient) => new(EmailBridge.BridgeName, null, ArrivalKey(identity, recipient), [], Unique: true);

    public static BridgeRecord Told(MailIdentity identity, string recipient) => new(EmailBridge.BridgeName, null, $"arrival-told/{MailKey(identity, recipient)}", [], Unique: true);

    public static BridgeRecord End(string id, RelayEnd end) => new(EmailBridge.BridgeName, null, EndKey(id), [(byte)end], Unique: true);

    public async Task<bool> HasArrivedAsync(MailIdentity identity, string recipient, CancellationToken cancellationToken) =>
        await state.GetAsync(EmailBridge.BridgeName, null, ArrivalKey(identity, recipient), cancellationToken) is not null;

    public async Task<RelayEnd?> EndOfAsync(string id, CancellationToken cancellationToken) =>
        await state.GetAsync(EmailBridge.BridgeName, null, EndKey(id), cancellationToken) is [var end] ? (RelayEnd)end : null;

    public Task MarkEndAsync(string id, RelayEnd end, CancellationToken cancellationToken) => state.PutAsync([End(id, end)], cancellationToken);

    private static string ArrivalKey(MailIdentity identity, string recipient) => $"relay/{MailKey(identity, recipient)}";

    private static string MailKey(MailIdentity identity, string recipient) =>
        $"{Hash(identity.MessageId)}/{identity.ContentHash}/{Hash(recipient.ToLowerInvariant())}";

    private static string EndKey(string id) => $"relay-end/{id}";

    private static string Hash(string text) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}

/// <summary>How a relayed mail ended.</summary>
internal enum RelayEnd : byte
{
    /// <summary>The next server has it.</summary>
    Taken = 1,

    /// <summary>It was given up, and whoever is to be told was told.</summary>
    Failed = 2,
}
