using Smxp.Host.Configuration;
using Smxp.Host.Delivery;
using Smxp.Host.Errors;
using Smxp.Host.Mail.Routing;
using Smxp.Plugins.Bridge;
using Smxp.Plugins.Delivery;
using Smxp.Protocol;

namespace Smxp.Host.Mail.Sending;

/// <summary>Says of a submission which way it would go to each recipient, and what would be missed there. It asks what sending asks, and stores and sends nothing.</summary>
internal sealed class Previewer(
    SubmissionRules rules, AttachmentIssuer attachments, LocalDirectory directory, LocalRouter router, BridgeClaims claims, Exits exits, SmxpOptions options, TimeProvider time)
{
    private const string NotInTime = "the way could not be found out in time";

    public async Task<(Rejection? Rejection, IReadOnlyList<RecipientPreview> Recipients)> PreviewAsync(Submission submission, CancellationToken cancellationToken)
    {
        long now = time.GetUtcNow().ToUnixTimeSeconds();
        if (rules.Check(submission, now) is { } wrong) return (wrong, []);
        submission = submission with { To = [.. submission.To.Distinct()], ConversationId = submission.ConversationId ?? Guid.NewGuid().ToString() };
        // Its tokens are not recorded, and so open nothing.
        (Rejection? rejection, IssuedAttachments issued) = await attachments.IssueAsync(submission, now, cancellationToken);
        if (rejection is not null) return (rejection, []);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using ITimer timer = time.CreateTimer(
            static source => ((CancellationTokenSource)source!).Cancel(), patience, TimeSpan.FromMilliseconds(Math.Max(250, options.Federation.FirstAttemptMilliseconds)), Timeout.InfiniteTimeSpan);
        RecipientPreview[] previews = await Task.WhenAll(submission.To.Select((to, index) => PreviewAsync(Composer.Write(submission, to, issued.For(index), now), to, patience.Token, cancellationToken)));
        return (null, previews);
    }

    private async Task<RecipientPreview> PreviewAsync(Envelope envelope, Address recipient, CancellationToken patience, CancellationToken cancellationToken)
    {
        try
        {
            return await directory.IsLocalAsync(recipient.Domain, patience) ? await LocallyAsync(envelope, recipient, patience) : await ElsewhereAsync(envelope, recipient, patience);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new RecipientPreview(recipient.ToString(), PreviewOutcome.Unknown) { Reason = NotInTime };
        }
    }

    private async Task<RecipientPreview> LocallyAsync(Envelope envelope, Address recipient, CancellationToken cancellationToken)
    {
        RoutePlan? route = await router.PlanAsync(recipient, cancellationToken);
        RecipientClaim? claim = await claims.AskAsync(envelope.From, recipient, "local", route is not null, cancellationToken);
        if (claim is { Refusal: { } refusal }) return new RecipientPreview(recipient.ToString(), PreviewOutcome.Refused) { Reason = refusal };
        if (claim is not null) return (await ByAsync(exits.Find(claim.Transport), claim.Transport, envelope, recipient, cancellationToken)) with { Alongside = claim.Alongside && route is not null ? "local" : null };
        return route is null
            ? new RecipientPreview(recipient.ToString(), PreviewOutcome.Refused) { Reason = Rejection.AddressNotFound.Error }
            : new RecipientPreview(recipient.ToString(), PreviewOutcome.Delivers) { Way = "local" };
    }

    private async Task<RecipientPreview> ElsewhereAsync(Envelope envelope, Address recipient, CancellationToken cancellationToken)
    {
        Way way = await exits.ChooseAsync(recipient, cancellationToken);
        return way.Kind switch
        {
            ReachKind.Yes => await ByAsync(way.Transport, way.Transport!.Name, envelope, recipient, cancellationToken),
            ReachKind.Unknown => new RecipientPreview(recipient.ToString(), PreviewOutcome.Unknown) { Reason = way.Reason },
            _ => new RecipientPreview(recipient.ToString(), PreviewOutcome.Refused) { Reason = way.Reason },
        };
    }

    private static async Task<RecipientPreview> ByAsync(ITransport? transport, string name, Envelope envelope, Address recipient, CancellationToken cancellationToken)
    {
        IReadOnlyList<Loss> losses = transport is IFidelity fidelity ? await fidelity.CompareAsync(recipient, envelope, cancellationToken) : [];
        Loss? fatal = losses.FirstOrDefault(static loss => loss.Degree == LossDegree.Refused);
        return new RecipientPreview(recipient.ToString(), fatal is null ? PreviewOutcome.Delivers : PreviewOutcome.Refused)
        {
            Way = name,
            Reason = fatal is null ? null : LossWords.Of(fatal),
            Losses = [.. losses.Order(Comparer<Loss>.Create(static (one, other) => one.Kind.CompareTo(other.Kind))).Select(static loss => new PreviewLoss(LossWords.Name(loss.Kind), LossWords.Name(loss.Degree), LossWords.Of(loss), loss.Limit))],
        };
    }
}

/// <summary>What would become of a message to one recipient.</summary>
/// <param name="To">The recipient.</param>
/// <param name="Outcome">See <see cref="PreviewOutcome"/>.</param>
internal sealed record RecipientPreview(string To, string Outcome)
{
    /// <summary>The way: <c>local</c>, or a transport's name.</summary>
    public string? Way { get; init; }

    /// <summary>Another way it goes as well.</summary>
    public string? Alongside { get; init; }

    /// <summary>Why not, or why that is not known.</summary>
    public string? Reason { get; init; }

    public IReadOnlyList<PreviewLoss> Losses { get; init; } = [];
}

/// <summary>One thing this recipient would miss.</summary>
internal sealed record PreviewLoss(string Kind, string Degree, string Text, long? Limit);

/// <summary>Whether it would arrive.</summary>
internal static class PreviewOutcome
{
    public const string Delivers = "delivers";
    public const string Refused = "refused";
    public const string Unknown = "unknown";
}
