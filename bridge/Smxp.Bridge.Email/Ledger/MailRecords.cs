using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Ledger;

/// <summary>
/// The bridge's memory of mail, three records per mail and mailbox, committed with the message:
/// <c>in/{mail}</c> (unique; what makes a repeated mail harmless), <c>mid/{Message-ID}/{message}</c> (which message a Message-ID became, and its conversation)
/// and <c>mail/{message}</c> (a <see cref="MailRecord"/>); and <c>ref/{Message-ID}</c> for ancestors it names that are not here (the conversation it went to). Message-IDs appear as hashes, since strangers choose them.
/// </summary>
internal sealed class MailRecords(IBridgeState state)
{
    /// <summary>The records of a mail that is about to become a message.</summary>
    public static IReadOnlyList<BridgeRecord> For(Address mailbox, MailIdentity identity, string conversationId, MailRecord record) =>
    [
        Arrival(mailbox, identity),
        new(EmailBridge.BridgeName, mailbox, $"{MessageIdPrefix(identity.MessageId)}{{id}}", Encoding.UTF8.GetBytes(conversationId)),
        new(EmailBridge.BridgeName, mailbox, "mail/{id}", record.Write()),
    ];

    /// <summary>The record of a mail that took effect without becoming a message: what makes a repeat harmless.</summary>
    public static BridgeRecord Arrival(Address mailbox, MailIdentity identity) => new(EmailBridge.BridgeName, mailbox, ArrivalKey(identity), [], Unique: true);

    /// <summary>The records that keep a place for ancestors that are not here: when one of them comes, it joins what came before it.</summary>
    public static IEnumerable<BridgeRecord> Awaiting(Address mailbox, IReadOnlyList<string> ancestors, string conversationId) =>
        ancestors.Select(ancestor => new BridgeRecord(EmailBridge.BridgeName, mailbox, AwaitedKey(ancestor), Encoding.UTF8.GetBytes(conversationId)));

    /// <summary>The conversation in which a Message-ID that is not here was named as an ancestor; null where it never was.</summary>
    public async Task<string?> AwaitingAsync(Address mailbox, string messageId, CancellationToken cancellationToken) =>
        await state.GetAsync(EmailBridge.BridgeName, mailbox, AwaitedKey(messageId), cancellationToken) is { } conversation ? Encoding.UTF8.GetString(conversation) : null;

    /// <summary>
    /// The records of a mail that somebody here sent, for the mailbox of one who has it as a message: its author, or a recipient here. Where it comes to that recipient once more, by a list for
    /// instance, it is known.
    /// </summary>
    public static IEnumerable<BridgeRecord> ForSent(Address mailbox, MailIdentity identity, string conversationId, MailRecord record, bool isRecipient) =>
        For(mailbox, identity, conversationId, record).Skip(isRecipient ? 0 : 1).Select(static one => one with { Unique = false });

    /// <summary>Whether a mailbox has this mail already.</summary>
    public async Task<bool> HasAsync(Address mailbox, MailIdentity identity, CancellationToken cancellationToken) =>
        await state.GetAsync(EmailBridge.BridgeName, mailbox, ArrivalKey(identity), cancellationToken) is not null;

    /// <summary>The message that a foreign Message-ID became in a mailbox; null where it is not there.</summary>
    public async Task<KnownMail?> FindAsync(Address mailbox, string messageId, CancellationToken cancellationToken)
    {
        string prefix = MessageIdPrefix(messageId);
        var found = await state.ListAsync(EmailBridge.BridgeName, mailbox, prefix, after: null, limit: 1, cancellationToken);
        return found is [var record, ..] ? new KnownMail(record.Key[prefix.Length..], Encoding.UTF8.GetString(record.Value)) : null;
    }

    /// <summary>What is remembered of the mail a message came as; null where it came another way.</summary>
    public async Task<MailRecord?> GetAsync(Address mailbox, string id, CancellationToken cancellationToken)
    {
        if (await state.GetAsync(EmailBridge.BridgeName, mailbox, $"mail/{id}", cancellationToken) is not { } value) return null;
        var record = MailRecord.Read(value);
        return record.SharedOriginal is { } key ? record with { Original = await state.GetAsync(EmailBridge.BridgeName, null, key, cancellationToken) ?? throw new InvalidDataException("A mail's shared original is missing.") } : record;
    }

    private static string ArrivalKey(MailIdentity identity) => $"in/{Hash(identity.MessageId)}/{identity.ContentHash}";

    private static string AwaitedKey(string messageId) => $"ref/{Hash(messageId)}";

    private static string MessageIdPrefix(string messageId) => $"mid/{Hash(messageId)}/";

    private static string Hash(string text) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}

/// <summary>What makes two mails the same one (email mapping §3): the Message-ID and a hash of the content.</summary>
internal sealed record MailIdentity(string MessageId, string ContentHash);

/// <summary>A mail that a mailbox has: the message it became, and its conversation.</summary>
internal sealed record KnownMail(string Id, string ConversationId);
