using Smxp.Host.Configuration;
using Smxp.Host.Errors;
using Smxp.Host.Mail.Routing;
using Smxp.Host.Mail.Sending;
using Smxp.Plugins.Host;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Host.Mail.Intake;

/// <inheritdoc/>
internal sealed partial class Dispatcher(LocalDirectory directory, EnvelopeSigner signer, OutboxEntries entries, Committer committer, SmxpOptions options, TimeProvider time, ILogger<Dispatcher> logger)
    : IDispatch
{
    private const int LargestContent = 1024 * 1024;

    public async Task<IntakeResult> DispatchAsync(IReadOnlyList<Dispatch> dispatches, IReadOnlyList<BridgeRecord> records, CancellationToken cancellationToken)
    {
        if (dispatches.Any(static dispatch => dispatch.Content.Length > LargestContent)) return new IntakeResult(IntakeKind.Rejected, null, Rejection.TooLarge.Error);
        long now = time.GetUtcNow().ToUnixTimeSeconds();
        return await CommitAsync([.. dispatches.Select(dispatch => entries.Create(dispatch, now))], records, null);
    }

    public async Task<IntakeResult> SendAsync(Envelope envelope, IReadOnlyList<BridgeRecord> records, CancellationToken cancellationToken)
    {
        if (!Address.TryParse(envelope.From, out Address? author) || !await directory.IsLocalAsync(author.Domain, cancellationToken))
            return new IntakeResult(IntakeKind.Rejected, null, $"{envelope.From} is not of a domain served here");
        if (!Address.TryParse(envelope.To, out Address? recipient)) return new IntakeResult(IntakeKind.UnknownRecipient, null, $"{envelope.To} is not an address");
        SignedEnvelope signed = await signer.SignAsync(envelope, author.Domain, options.Signatures.Default, cancellationToken);
        if (signed.Utf8.Length > options.Federation.MaxEnvelopeBytes) return new IntakeResult(IntakeKind.Rejected, null, Rejection.TooLarge.Error);
        if (!SignedEnvelope.TryParse(signed.Utf8, out _, out string? wrong)) return new IntakeResult(IntakeKind.Rejected, null, wrong);
        string id = signed.Envelope.Id;
        OutboxEntry entry = entries.Create(signed, null, recipient, "smxp", null, time.GetUtcNow().ToUnixTimeSeconds());
        return await CommitAsync([entry], [.. records.Select(record => record with { Key = record.Key.Replace("{id}", id, StringComparison.Ordinal) })], id);
    }

    private async Task<IntakeResult> CommitAsync(IReadOnlyList<OutboxEntry> outbox, IReadOnlyList<BridgeRecord> records, string? id)
    {
        try
        {
            CommitResult result = await committer.CommitAsync(new Commit { Deliveries = [], Outbox = outbox, BridgeRecords = records }, awaited: false);
            return new IntakeResult(result.Outcome == CommitOutcome.Stored ? IntakeKind.Accepted : IntakeKind.Duplicate, id);
        }
        catch (StorageUnavailableException outage)
        {
            LogOutage(outage);
            return new IntakeResult(IntakeKind.Unavailable, null, Rejection.Unavailable.Error);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "What a bridge sends on could not be stored")]
    private partial void LogOutage(Exception outage);
}
