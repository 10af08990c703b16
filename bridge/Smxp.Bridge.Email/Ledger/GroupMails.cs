using System.Text;
using System.Text.Json;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Ledger;

/// <summary>
/// The memory of mails that carried several messages at once: SMXP sends each recipient a message of its own, email everybody the same mail, with one Message-ID (email mapping §3). Kept in the
/// bridge's own records: <c>group/{first}</c> (the messages of the call, by recipient) and, for each of them, <c>out/{message}</c> (the first).
/// </summary>
internal sealed class GroupMails(IBridgeState state)
{
    /// <summary>Notes a group before its first mail leaves, so that no answer finds nothing.</summary>
    public async Task RememberAsync(GroupMail group, CancellationToken cancellationToken)
    {
        string first = group.Members[0].MessageId;
        if (await state.GetAsync(EmailBridge.BridgeName, null, GroupKey(first), cancellationToken) is not null) return;
        byte[] name = Encoding.ASCII.GetBytes(first);
        await state.PutAsync(
            [
                new BridgeRecord(EmailBridge.BridgeName, null, GroupKey(first), JsonSerializer.SerializeToUtf8Bytes(group)),
                .. group.Members.Select(member => new BridgeRecord(EmailBridge.BridgeName, null, MemberKey(member.MessageId), name)),
            ], cancellationToken);
    }

    /// <summary>The group that a message left with; null where it left alone, or not as email.</summary>
    public async Task<GroupMail?> FindAsync(string messageId, CancellationToken cancellationToken)
    {
        if (await state.GetAsync(EmailBridge.BridgeName, null, MemberKey(messageId), cancellationToken) is not { } first) return null;
        return await state.GetAsync(EmailBridge.BridgeName, null, GroupKey(Encoding.ASCII.GetString(first)), cancellationToken) is { } group
            ? JsonSerializer.Deserialize<GroupMail>(group) ?? throw new InvalidDataException("A group mail's record is empty.")
            : null;
    }

    private static string GroupKey(string first) => $"group/{first}";

    private static string MemberKey(string messageId) => $"out/{messageId}";
}

/// <summary>The messages of one send call.</summary>
/// <param name="ConversationId">Their conversation.</param>
/// <param name="Members">One for each recipient, in the order of the call; the first names the mail.</param>
internal sealed record GroupMail(string ConversationId, IReadOnlyList<GroupMember> Members)
{
    /// <summary>The group of a message that was sent to these; their ids follow from what they say (SMXP §3).</summary>
    public static GroupMail Of(Envelope envelope, IReadOnlyList<Address> audience) =>
        new(envelope.ConversationId, [.. audience.Select(address => new GroupMember(address.ToString(), ContentId.Compute(envelope with { To = address.ToString() })))]);

    /// <summary>The message to this recipient; null where there is none.</summary>
    public string? MessageTo(string? address) =>
        Members.FirstOrDefault(member => string.Equals(member.Address, address, StringComparison.OrdinalIgnoreCase))?.MessageId;
}

/// <summary>One recipient of a group mail, and its message.</summary>
internal sealed record GroupMember(string Address, string MessageId);
