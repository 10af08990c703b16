using Microsoft.Extensions.Logging;
using Smxp.Bridge.Email.Inbound;
using Smxp.Bridge.Email.Mapping;
using Smxp.Bridge.Email.Threads;
using Smxp.Mail.Smtp;
using Smxp.Mail.Smtp.Replies;
using Smxp.Plugins.Host;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Ledger;

/// <summary>Notes what became of mail that came in: with the message where it became one, alone where it did not. What cannot be noted about a mail turned away is not worth failing for.</summary>
internal sealed partial class InboundLedger(CrossingLedger ledger, MailRecords mails, EmailSettings settings, TimeProvider time, ILogger<InboundLedger> logger)
{
    private const int LongestText = 300;

    private readonly ILogger _logger = logger;

    /// <summary>The line of a mail that is about to become a message.</summary>
    public static Crossing Describe(Address recipient, Address author, MailDraft draft, MailIdentity identity, ThreadPlace place, DateTimeOffset now) => new()
    {
        At = now.ToUnixTimeSeconds(),
        Direction = CrossingDirection.In,
        Outcome = CrossingOutcome.Accepted,
        From = author.ToString(),
        To = recipient.ToString(),
        MessageId = identity.MessageId,
        ContentHash = identity.ContentHash,
        ConversationId = place.ConversationId,
        Evidence = place.Evidence,
        Became = Transformation.OfMail(draft),
    };

    /// <summary>The message with the line that commits with it.</summary>
    public InboundMessage With(InboundMessage message, Address recipient, Crossing crossing) => message with
    {
        BridgeRecords = [.. message.BridgeRecords, .. ledger.Records(recipient, CrossingKey.Of(crossing.At, CrossingKey.PendingId), crossing)],
    };

    /// <summary>Notes what the corridor made of a mail, where that is not with the message already.</summary>
    public Task SettleAsync(Address recipient, Crossing crossing, IntakeResult result)
    {
        if (result.Kind == IntakeKind.Accepted) return Task.CompletedTask;
        ledger.Forget(recipient);
        // What is refused is noted with the reply, when that is known.
        return result.Kind == IntakeKind.Duplicate ? DuplicateAsync(recipient, crossing) : Task.CompletedTask;
    }

    /// <summary>Notes a mail that the mailbox has already.</summary>
    public Task DuplicateAsync(Address recipient, string? author, MailIdentity identity) =>
        DuplicateAsync(recipient, new Crossing
        {
            At = time.GetUtcNow().ToUnixTimeSeconds(),
            Direction = CrossingDirection.In,
            Outcome = CrossingOutcome.Duplicate,
            From = author,
            To = recipient.ToString(),
            MessageId = identity.MessageId,
            ContentHash = identity.ContentHash,
        });

    /// <summary>Notes a mail whose client was told no, in every mailbox it was for that does not have it all the same.</summary>
    public async Task RefusedAsync(SmtpTransaction transaction, MessageSpool mail, SmtpReply reply, CancellationToken cancellationToken)
    {
        if (reply.Code < 400) return;
        var (author, identity) = await IdentifyAsync(mail, cancellationToken);
        foreach (var recipient in transaction.Recipients.Select(to => EnvelopeAddress.From(to.Path, settings.HostName)).OfType<Address>().Distinct())
        {
            var crossing = new Crossing
            {
                At = time.GetUtcNow().ToUnixTimeSeconds(),
                Direction = CrossingDirection.In,
                Outcome = CrossingOutcome.Refused,
                From = Shorten(author?.ToString() ?? transaction.Sender.ToString()),
                To = recipient.ToString(),
                MessageId = identity?.MessageId,
                ContentHash = identity?.ContentHash,
                Client = Shorten($"{transaction.ClientName} [{transaction.Client}]"),
                Reply = Shorten($"{reply.Code} {reply.Enhanced} {reply.Text}"),
            };
            await TryAsync(async () =>
            {
                if (identity is not null && await mails.HasAsync(recipient, identity, cancellationToken)) return;
                await ledger.WriteAsync(recipient, CrossingKey.OfNone(crossing.At, identity?.ContentHash ?? Guid.NewGuid().ToString("n")), crossing, cancellationToken);
            });
        }
    }

    // Whatever was wrong with it, as much as can be read without harm says which mail it was.
    private async Task<(Address? Author, MailIdentity? Identity)> IdentifyAsync(MessageSpool mail, CancellationToken cancellationToken)
    {
        if (MimeLimits.IsTooComplex(mail)) return (null, null);
        await using var source = mail.OpenRead();
        using var message = MailParser.Parse(source);
        var draft = MailReader.Read(message, new MailReadOptions(time.GetUtcNow(), null, CutQuotes: false));
        return (draft.From, await MailIdentities.OfAsync(draft, mail, cancellationToken));
    }

    private Task DuplicateAsync(Address recipient, Crossing crossing)
    {
        var repeated = crossing with { Outcome = CrossingOutcome.Duplicate, ConversationId = null, Evidence = null, Became = null };
        return TryAsync(() => ledger.WriteAsync(recipient, CrossingKey.OfNone(crossing.At, crossing.ContentHash!), repeated, CancellationToken.None));
    }

    private async Task TryAsync(Func<Task> write)
    {
        try
        {
            await write();
        }
        catch (StorageUnavailableException exception)
        {
            LogUnavailable(exception.Message);
        }
    }

    // Strangers choose how long their names are.
    private static string Shorten(string text) => text.Length <= LongestText ? text : text[..LongestText];

    [LoggerMessage(LogLevel.Warning, "A mail that was turned away or known already is not in the ledger: {Problem}")]
    private partial void LogUnavailable(string problem);
}
