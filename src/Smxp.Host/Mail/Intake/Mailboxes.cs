using Smxp.Host.Auth;
using Smxp.Host.Delegations;
using Smxp.Plugins.Host;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Host.Mail.Intake;

/// <inheritdoc/>
internal sealed class Mailboxes(IMessageStore store, Committer committer, IEventBus events, Authenticator authenticator, DelegationPolicy delegations) : IMailboxes
{
    public Task<MailboxEntry?> FindAsync(Address mailbox, string id, CancellationToken cancellationToken) => store.FindAsync(mailbox, id, cancellationToken);

    public Task<MailboxPage> QueryAsync(MailboxQuery query, CancellationToken cancellationToken) => store.QueryAsync(query, cancellationToken);

    public async Task<MarkResult> MarkAsync(Mark mark, CancellationToken cancellationToken)
    {
        MarkResult result = await store.MarkAsync(mark, cancellationToken);
        if (result.Sequence is { } sequence) events.Publish(mark.Mailbox, sequence);
        return result;
    }

    public async Task<bool> ReportAsync(IReadOnlyList<SendReport> reports, IReadOnlyList<BridgeRecord> records, CancellationToken cancellationToken) =>
        (await committer.CommitAsync(new Commit { Deliveries = [], Reports = reports, BridgeRecords = records }, awaited: false)).Outcome == CommitOutcome.Stored;

    public Task<bool> AuthenticateAsync(Address mailbox, string secret, string client, CancellationToken cancellationToken) =>
        authenticator.WithSecretAsync(mailbox, secret, client, cancellationToken);

    public async Task<IReadOnlyList<Address>> SendsAsAsync(Address mailbox, CancellationToken cancellationToken) =>
        [mailbox, .. await delegations.OwnersAsync(mailbox, DelegationScope.Send, cancellationToken)];
}
