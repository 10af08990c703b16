using System.Text.Json;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Ledger;

/// <summary>The mails whose authors asked to be told when they are read (RFC 8098), until they are: a record <c>ask/{message}</c> each, committed with the message.</summary>
internal sealed class ReceiptRequests(IBridgeState state)
{
    /// <summary>The record of a mail that asks, about to become a message.</summary>
    public static BridgeRecord For(Address mailbox, ReceiptRequest request) =>
        new(EmailBridge.BridgeName, mailbox, Key("{id}"), JsonSerializer.SerializeToUtf8Bytes(request));

    /// <summary>What the author of a message asked for; null where nothing, or it was answered.</summary>
    public async Task<ReceiptRequest?> FindAsync(Address mailbox, string id, CancellationToken cancellationToken) =>
        await state.GetAsync(EmailBridge.BridgeName, mailbox, Key(id), cancellationToken) is { } value ? JsonSerializer.Deserialize<ReceiptRequest>(value) : null;

    /// <summary>Forgets a request that was answered: a message is answered once (RFC 8098 §2.1).</summary>
    public Task ForgetAsync(Address mailbox, string id, CancellationToken cancellationToken) => state.RemoveAsync(EmailBridge.BridgeName, mailbox, Key(id), cancellationToken);

    private static string Key(string id) => $"ask/{id}";
}

/// <summary>A wish for a receipt.</summary>
/// <param name="MessageId">The mail's Message-ID, without brackets; null where it had none.</param>
/// <param name="Subject">Its subject.</param>
internal sealed record ReceiptRequest(string? MessageId, string? Subject);
