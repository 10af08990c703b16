using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Smxp.Bridge.Email.Ledger;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Submission;

/// <summary>
/// What is remembered of submitted mail, in its author's mailbox: <c>submitted/{mail}/{recipient}</c> (unique; a mail program that tries again, or sends the rest of its recipients later, sends
/// nothing twice) and <c>leaves/{message}</c> (a <see cref="SubmittedMail"/>). The original, one for all recipients, is the bridge's: <c>original/{name}</c>.
/// </summary>
internal sealed class SubmissionRecords(IBridgeState state)
{
    public static BridgeRecord Submitted(Address author, MailIdentity identity, Address recipient) => new(EmailBridge.BridgeName, author, SubmittedKey(identity, recipient), [], Unique: true);

    public static BridgeRecord Leaves(Address author, SubmittedMail mail) => new(EmailBridge.BridgeName, author, LeavesKey("{id}"), mail.Write());

    /// <summary>A record for an original that several messages share.</summary>
    public static BridgeRecord Original(byte[] compressed) => new(EmailBridge.BridgeName, null, $"original/{Guid.CreateVersion7():N}", compressed);

    /// <summary>Those of the recipients to whom the author has not sent this mail before.</summary>
    public async Task<IReadOnlyList<Address>> LeftAsync(Address author, MailIdentity identity, IReadOnlyList<Address> recipients, CancellationToken cancellationToken)
    {
        List<Address> left = new(recipients.Count);
        foreach (var recipient in recipients)
        {
            if (await state.GetAsync(EmailBridge.BridgeName, author, SubmittedKey(identity, recipient), cancellationToken) is null) left.Add(recipient);
        }

        return left;
    }

    /// <summary>How a message leaves as the mail it was handed in as; null for one that was not.</summary>
    public async Task<SubmittedMail?> FindAsync(Address author, string messageId, CancellationToken cancellationToken) =>
        await state.GetAsync(EmailBridge.BridgeName, author, LeavesKey(messageId), cancellationToken) is { } value ? SubmittedMail.Read(value) : null;

    private static string LeavesKey(string messageId) => $"leaves/{messageId}";

    private static string SubmittedKey(MailIdentity identity, Address recipient) => $"submitted/{Hash(identity.MessageId)}/{identity.ContentHash}/{Hash(recipient.ToString())}";

    private static string Hash(string text) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
