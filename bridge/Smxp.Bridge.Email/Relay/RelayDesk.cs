using MimeKit;
using Smxp.Bridge.Email.Inbound;
using Smxp.Bridge.Email.Ledger;
using Smxp.Bridge.Email.Mapping;
using Smxp.Bridge.Email.Outbound;
using Smxp.Bridge.Email.ReturnPaths;
using Smxp.Bridge.Email.Routing;
using Smxp.Bridge.Email.Threads;
using Smxp.Mail.Smtp;
using Smxp.Mail.Smtp.Notifications;
using Smxp.Mail.Smtp.Paths;
using Smxp.Mail.Smtp.Replies;
using Smxp.Plugins.Host;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Relay;

/// <summary>
/// Mail for recipients that are not here: whom to take it for (at RCPT), who of a mail's recipients gets it where (at the end of DATA), and the entry in the outbox that carries it on. What
/// leaves is the mail as it came, under a line of ours; the return path is rewritten (<see cref="SrsCodec"/>), and a bounce that comes to such an address goes to whom it stands for.
/// </summary>
internal sealed class RelayDesk(
    HybridDomains domains, AddressRouter router, CallForward callForward, SrsAddresses srs, VerpAddresses verp, IMessageIntake intake, IMailboxes mailboxes, IBlobs blobs, IDispatch dispatch, RelayRecords records,
    string hostName, TimeProvider time)
{
    /// <summary>What RCPT is answered for an address of a hybrid domain; null for every other.</summary>
    /// <param name="transaction">The mail.</param>
    /// <param name="path">The recipient.</param>
    /// <param name="address">The same, as an address of a domain served here.</param>
    /// <param name="hasInbox">Whether there is an inbox or a route for it.</param>
    /// <param name="cancellationToken">Breaks off.</param>
    public async ValueTask<SmtpReply?> JudgeAsync(SmtpTransaction transaction, MailPath path, Address address, bool hasInbox, CancellationToken cancellationToken)
    {
        if (await router.FindAsync(address, hasInbox, cancellationToken) is not { } ways) return null;
        if (SrsCodec.IsRewritten(path.Local)) return await JudgeBounceAsync(transaction, path, cancellationToken);
        if (ways.HasFlag(AddressWays.Here)) return SmtpReply.RecipientOk;
        // RFC 3030 §3: what goes on by DATA has lines; nothing here makes lines of it.
        if (transaction.Body == BodyType.BinaryMime) return RelayReplies.Binary;
        var verdict = await callForward.VerifyAsync(address, cancellationToken);
        return verdict.Kind switch
        {
            LegacyVerdictKind.Exists => SmtpReply.RecipientOk,
            LegacyVerdictKind.Unknown => RelayReplies.Unknown,
            _ => RelayReplies.Unreachable,
        };
    }

    /// <summary>Who of a mail's recipients gets it where.</summary>
    public async Task<RelayPlan> PlanAsync(SmtpTransaction transaction, MimeMessage message, string? messageId, CancellationToken cancellationToken)
    {
        List<Address> here = [];
        List<RelayRecipient> elsewhere = [];
        List<ReturnedMail> returned = [];
        HashSet<Address> seen = [];
        HashSet<MailPath> relayed = [];
        SmtpReply? refusal = null;
        foreach (var recipient in transaction.Recipients)
        {
            var path = recipient.Path;
            if (await verp.FindAsync(path, cancellationToken) is { } mail)
            {
                returned.Add(mail);
                continue;
            }

            var address = EnvelopeAddress.From(path, hostName)!;
            var ways = domains.LegacyServerOf(address.Domain) is null
                ? AddressWays.Here
                : await WaysAsync(path, address, messageId, cancellationToken);
            bool isCopy = ways.HasFlag(AddressWays.Here);
            if (isCopy && seen.Add(address)) here.Add(address);
            if (!ways.HasFlag(AddressWays.Legacy) || !relayed.Add(path)) continue;
            var target = SrsCodec.IsRewritten(path.Local) && !isCopy ? await srs.ReverseAsync(path, cancellationToken) : path;
            bool isBack = RelayLoop.HasComeBack(message, path, hostName);
            if (target is null) refusal ??= RelayReplies.ForgedReturnPath;
            else if (!isBack) elsewhere.Add(new RelayRecipient(path, target, isCopy ? NotificationWishes.Nothing : NotificationWishes.Of(transaction, recipient), isCopy));
            else if (!isCopy) refusal ??= RelayReplies.Loop;
        }

        return new RelayPlan(here, elsewhere, [.. returned.Distinct()], refusal);
    }

    /// <summary>Puts a mail for one recipient into the outbox.</summary>
    public async Task<IntakeResult> AcceptAsync(SmtpTransaction transaction, MessageSpool mail, MailIdentity identity, RelayRecipient recipient, CancellationToken cancellationToken)
    {
        string key = WirePath.Of(recipient.Path);
        if (!Address.TryParse($"{recipient.Target.Local}@{recipient.Target.Domain}", out var target)) return new IntakeResult(IntakeKind.Rejected, Error: "the return path leads to no address");
        if (!mail.TryGetMemory(out _) && await records.HasArrivedAsync(identity, key, cancellationToken)) return new IntakeResult(IntakeKind.Duplicate);
        var slip = await WriteAsync(transaction, mail, recipient, cancellationToken);
        var ticket = Originals.TryCompress(mail) is { } small ? new RelayTicket(slip, small) : new RelayTicket(await StoreAsync(slip, mail, recipient.Path.Domain, cancellationToken), null);
        var result = new IntakeResult(IntakeKind.Unavailable);
        try
        {
            return result = await dispatch.DispatchAsync(
                [new Dispatch { Transport = RelayTransport.TransportName, MessageId = slip.Id, Recipient = target, Content = ticket.Write() }],
                [RelayRecords.Arrival(identity, key)],
                cancellationToken);
        }
        finally
        {
            if (result.Kind != IntakeKind.Accepted) await RelayBlob.ReleaseAsync(blobs, ticket.Slip);
        }
    }

    private async ValueTask<SmtpReply> JudgeBounceAsync(SmtpTransaction transaction, MailPath path, CancellationToken cancellationToken)
    {
        if (!transaction.Sender.IsNull) return RelayReplies.NotificationsOnly;
        return await srs.ReverseAsync(path, cancellationToken) is null ? RelayReplies.ForgedReturnPath : SmtpReply.RecipientOk;
    }

    private async ValueTask<AddressWays> WaysAsync(MailPath path, Address address, string? messageId, CancellationToken cancellationToken)
    {
        if (SrsCodec.IsRewritten(path.Local)) return AddressWays.Legacy;
        bool hasInbox = await intake.LookUpAsync(address, cancellationToken) == RecipientKind.Local;
        // A message from SMXP that was copied to the legacy server and came back: it is in the inbox, and over there.
        if (hasInbox && messageId is not null && MessageIds.MessageOf(messageId) is { } id && await mailboxes.FindAsync(address, id, cancellationToken) is { Direction: Direction.In }) return AddressWays.None;
        return await router.FindAsync(address, hasInbox, cancellationToken) ?? AddressWays.Here;
    }

    private async Task<RelaySlip> WriteAsync(SmtpTransaction transaction, MessageSpool mail, RelayRecipient recipient, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var sender = transaction.Sender;
        // What comes back to a domain of ours finds its way as it is, and nobody checks SPF for it but the legacy server, which knows us.
        bool isOurs = sender.IsNull || (EnvelopeAddress.From(sender, hostName) is { } author && await intake.LookUpAsync(author, cancellationToken) != RecipientKind.Remote);
        var returnPath = isOurs ? sender : await srs.RewriteAsync(sender, recipient.Path.Domain.ToLowerInvariant(), cancellationToken);
        return new RelaySlip
        {
            Id = $"relay-{Guid.CreateVersion7(now):N}",
            Sender = WirePath.Of(sender),
            ReturnPath = WirePath.Of(returnPath),
            Recipient = WirePath.Of(recipient.Target),
            Trace = TraceLines.Received(transaction, hostName, now, recipient.Path),
            Size = mail.Length,
            Needs = await RelayNeeds.OfAsync(transaction, mail, recipient.Target, returnPath, cancellationToken),
            ArrivedAt = now.ToUnixTimeSeconds(),
            IsCopy = recipient.IsCopy,
            Wishes = recipient.Wishes,
        };
    }

    private async Task<RelaySlip> StoreAsync(RelaySlip slip, MessageSpool mail, string domain, CancellationToken cancellationToken)
    {
        var owner = Address.Parse($"postmaster@{domain}");
        await using var compressed = await Originals.CompressAsync(mail, cancellationToken);
        await using var content = compressed.OpenRead();
        var blob = await blobs.StoreAsync(owner, content, "relayed.eml.br", "application/octet-stream", "attachment", cancellationToken);
        return slip with { Blob = blob, BlobOwner = owner.ToString() };
    }
}
