using Microsoft.AspNetCore.Http.HttpResults;
using Smxp.Host.Auth;
using Smxp.Host.Delivery;
using Smxp.Host.Errors;
using Smxp.Plugins.Storage;

namespace Smxp.Host.Admin;

/// <summary>What waits to leave this server. Never what it says.</summary>
internal static class QueueEndpoints
{
    private const int DefaultLimit = 50;
    private const int MostEntries = 500;

    public static void MapAdminQueue(this IEndpointRouteBuilder admin)
    {
        var group = admin.MapGroup("/queue");
        group.MapGet("/", ListAsync).WithSummary("List the outbox, oldest first");
        group.MapGet("/destinations", CountAsync).WithSummary("Count the outbox, by destination");
        group.MapGet("/{id}", GetAsync).WithSummary("One entry of the outbox");
        group.MapPost("/{id}/retry", RetryAsync).WithSummary("Try an entry now");
        group.MapPost("/retry", RetryAllAsync).WithSummary("Try everything now, or everything for one destination");
        group.MapDelete("/{id}", DropAsync).WithSummary("Give an entry up; its sender is told");
    }

    private static async Task<Results<Ok<QueuePage>, Rejection>> ListAsync(
        IOutboxControl outbox, TimeProvider time, string? destination, string? state, string? after, int? limit, CancellationToken cancellationToken)
    {
        OutboxState? wanted = null;
        if (!string.IsNullOrEmpty(state))
        {
            if (Array.IndexOf(QueueEntry.States, state) is var index && index < 0) return Rejection.Malformed($"state must be one of {string.Join(", ", QueueEntry.States)}");
            wanted = (OutboxState)index;
        }

        int most = Math.Clamp(limit ?? DefaultLimit, 1, MostEntries);
        long now = time.GetUtcNow().ToUnixTimeSeconds();
        var entries = await outbox.ListAsync(new OutboxFilter(now, Normalize(destination), wanted, after, most + 1), cancellationToken);
        return TypedResults.Ok(new QueuePage([.. entries.Take(most).Select(entry => QueueEntry.Of(entry, now))], entries.Count > most));
    }

    private static async Task<Ok<QueueCounts>> CountAsync(IOutboxControl outbox, TimeProvider time, int? limit, CancellationToken cancellationToken)
    {
        var summary = await outbox.SummaryAsync(time.GetUtcNow().ToUnixTimeSeconds(), cancellationToken);
        var destinations = await outbox.DestinationsAsync(Math.Clamp(limit ?? DefaultLimit, 1, MostEntries), cancellationToken);
        return TypedResults.Ok(new QueueCounts(summary.Due, summary.Later, summary.Working, summary.Parked, summary.OldestAt,
            [.. destinations.Select(static each => new QueueDestination(each.Destination, each.Entries, each.OldestAt, each.NextDueAt == OutboxEntry.Never ? null : each.NextDueAt))]));
    }

    private static async Task<Results<Ok<QueueEntry>, Rejection>> GetAsync(string id, IOutboxControl outbox, TimeProvider time, CancellationToken cancellationToken) =>
        await outbox.FindAsync(id, cancellationToken) is { } entry ? TypedResults.Ok(QueueEntry.Of(entry, time.GetUtcNow().ToUnixTimeSeconds())) : Rejection.NotFound("entry");

    private static async Task<Results<Ok<StatusOf>, Rejection>> RetryAsync(string id, QueueControl queue, IOutboxControl outbox, CancellationToken cancellationToken)
    {
        if (await queue.RetryAsync(id, null, cancellationToken) > 0) return TypedResults.Ok(new StatusOf("due", id));
        return await outbox.FindAsync(id, cancellationToken) is null ? Rejection.NotFound("entry") : BeingDelivered;
    }

    private static async Task<Ok<Hastened>> RetryAllAsync(RetryRequest? request, QueueControl queue, CancellationToken cancellationToken) =>
        TypedResults.Ok(new Hastened("due", await queue.RetryAsync(null, Normalize(request?.Destination), cancellationToken)));

    private static async Task<Results<Ok<StatusOf>, Rejection>> DropAsync(string id, QueueControl queue, CancellationToken cancellationToken) =>
        await queue.DropAsync(id, cancellationToken) switch
        {
            TakeKind.Taken => TypedResults.Ok(new StatusOf("dropped", id)),
            TakeKind.NotFound => Rejection.NotFound("entry"),
            _ => BeingDelivered,
        };

    private static Rejection BeingDelivered => Rejection.Conflict("entry is being delivered right now");

    private static string? Normalize(string? destination) => string.IsNullOrWhiteSpace(destination) ? null : destination.Trim().ToLowerInvariant();

    private sealed record RetryRequest(string? Destination);

    private sealed record Hastened(string Status, int Entries);

    private sealed record QueuePage(IReadOnlyList<QueueEntry> Entries, bool HasMore);

    private sealed record QueueCounts(int Due, int Later, int Working, int Parked, long? OldestAt, IReadOnlyList<QueueDestination> Destinations);

    private sealed record QueueDestination(string Destination, int Entries, long OldestAt, long? NextDueAt);

    private sealed record QueueEntry(
        string Id, string MessageId, string? Sender, string Recipient, string Destination, string? Transport, string State, int Attempts, long? DueAt, long CreatedAt, long ExpiresAt, string? LastError)
    {
        /// <summary>By the values of <see cref="OutboxState"/>.</summary>
        public static string[] States { get; } = ["due", "later", "working", "parked"];

        public static QueueEntry Of(OutboxEntry entry, long now) => new(
            entry.Id, entry.MessageId, entry.Sender?.ToString(), entry.Recipient.ToString(), entry.Destination, entry.Transport, States[(int)entry.StateAt(now)],
            entry.Attempts, entry.IsParked ? null : entry.DueAt, entry.CreatedAt, entry.ExpiresAt, entry.LastError);
    }
}
