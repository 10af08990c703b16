using Smxp.Bridge.Email.Inbound;
using Smxp.Bridge.Email.Inbound.Trust;
using Smxp.Bridge.Email.Ledger;
using Smxp.Bridge.Email.Mapping;
using Smxp.Bridge.Email.Notifications;
using Smxp.Bridge.Email.Outbound;
using Smxp.Mail.Smtp;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Relay;

/// <summary>Tells senders outside that their mail lies in a mailbox here, where they asked for that (RFC 3461 §5.2.2). Each mailbox once, however often the mail comes.</summary>
internal sealed class ArrivalNotices(RelayNotices notices, string hostName, TimeProvider time)
{
    private const string Passed = "pass";

    /// <summary>Tells of every recipient here. False where that could not be stored now; then the mail is to come again.</summary>
    public async Task<bool> TellAsync(
        SmtpTransaction transaction, IReadOnlyList<Address> recipients, MailDraft draft, MailIdentity identity, TrustFinding trusted, MessageSpool mail, CancellationToken cancellationToken)
    {
        if (draft.IsAnswer || transaction.Sender.IsNull || !Vouched(trusted)) return true;
        foreach (var recipient in transaction.Recipients)
        {
            var wishes = NotificationWishes.Of(transaction, recipient);
            if (!wishes.OfSuccess || EnvelopeAddress.From(recipient.Path, hostName) is not { } address || !recipients.Contains(address)) continue;
            var told = RelayRecords.Told(identity, address.ToString());
            var slip = new RelaySlip
            {
                Id = $"arrived-{Guid.CreateVersion7(time.GetUtcNow()):N}",
                Sender = WirePath.Of(transaction.Sender),
                ReturnPath = "",
                Recipient = WirePath.Of(recipient.Path),
                MessageId = identity.MessageId,
                Size = mail.Length,
                ArrivedAt = time.GetUtcNow().ToUnixTimeSeconds(),
                Wishes = wishes,
            };
            if (!await notices.SendAsync(slip, DsnAction.Delivered, words: null, mail, triedUntil: null, told, cancellationToken)) return false;
        }

        return true;
    }

    // A return path that SPF does not know may be anybody's, who would then hear of mail he never sent.
    private static bool Vouched(TrustFinding trusted) => trusted.Verified || trusted.Summary is null or { Spf: Passed };
}
