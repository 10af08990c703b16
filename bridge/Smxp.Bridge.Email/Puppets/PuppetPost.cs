using Microsoft.Extensions.Logging;
using Smxp.Bridge.Email.Inbound;
using Smxp.Bridge.Email.Ledger;
using Smxp.Bridge.Email.Outbound;
using Smxp.Bridge.Email.Outbound.Dkim;
using Smxp.Plugins.Delivery;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Puppets;

/// <summary>
/// Carries messages to puppets out as email, to whom the puppet stands for. Who has a mailbox elsewhere leaves From a puppet here, with the return path, so that SPF, DKIM and DMARC fit this
/// gateway, and an answer comes back; who has one here leaves From his own address.
/// </summary>
/// <param name="domain">The puppet domain.</param>
/// <param name="routes">Where mail goes.</param>
/// <param name="own">Composes mail of people here.</param>
/// <param name="foreign">Composes mail of puppets.</param>
/// <param name="threads">What went through here.</param>
/// <param name="signer">Signs it.</param>
/// <param name="sender">Sends it.</param>
/// <param name="spoolDirectory">For large mails.</param>
/// <param name="logger">The log.</param>
internal sealed partial class PuppetPost(
    PuppetDomain domain, MailRoutes routes, MailComposer own, MailComposer foreign, PuppetThreads threads, MailSigner signer, SmtpSender sender, string spoolDirectory, ILogger<PuppetPost> logger)
{
    private readonly ILogger _logger = logger;

    /// <summary>Whether an entry is for a puppet.</summary>
    public bool Carries(OutboxEntry entry) => domain.Behind(entry.Recipient) is not null;

    /// <summary>One attempt at an entry for a puppet.</summary>
    public async Task<HandOver> SendAsync(OutboxEntry entry, Envelope envelope, CancellationToken cancellationToken)
    {
        var correspondent = domain.Behind(entry.Recipient)!;
        var route = await routes.FindAsync(correspondent.Domain, cancellationToken);
        if (route.Kind != ReachKind.Yes) return new HandOver(route.Kind == ReachKind.Unknown ? HandOverKind.Deferred : HandOverKind.Rejected, route.Reason);

        var author = Address.Parse(envelope.From);
        bool isOurs = await domain.IsOursAsync(author, cancellationToken);
        var leaving = envelope with { From = (isOurs ? author : domain.PuppetOf(author)).ToString(), To = correspondent.ToString() };
        if (!isOurs) await threads.NoteAsync(new PuppetPair(author, correspondent), leaving, OutgoingLines.KeyOf(entry), cancellationToken);
        // Others of the same call are no business of whom a puppet stands for.
        await using var mail = await (isOurs ? own : foreign).ComposeAsync(entry with { Group = null, Audience = [] }, leaving, cancellationToken);
        if (mail.Refusal is { } refusal) return new HandOver(HandOverKind.Rejected, refusal);
        await using var spool = new MessageSpool(spoolDirectory);
        var outgoing = await signer.SignAsync(await mail.SealAsync(spool, entry.MessageId, cancellationToken), Address.Parse(leaving.From).Domain, cancellationToken);
        var result = (await sender.SendAsync(route, outgoing, cancellationToken))[0];
        LogAttempt(entry.MessageId, author, correspondent, result.Kind, result.Error ?? "");
        return result;
    }

    [LoggerMessage(LogLevel.Information, "Mail of message {Id} of {Author} to {Correspondent}: {Result} {Error}")]
    private partial void LogAttempt(string id, Address author, Address correspondent, HandOverKind result, string error);
}
