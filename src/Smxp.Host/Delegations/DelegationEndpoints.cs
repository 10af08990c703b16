using Microsoft.AspNetCore.Http.HttpResults;
using Smxp.Host.Auth;
using Smxp.Host.Configuration;
using Smxp.Host.Errors;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Host.Delegations;

/// <summary>Giving and taking back delegations (SMXP §8). Everybody sees those they gave and those they were given, and takes back only their own.</summary>
internal static class DelegationEndpoints
{
    public static void MapDelegationList(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/.smxp/delegations").RequireCaller().WithTags("Delegations").LimitBody(BodyLimit.Small);
        group.MapPost("/", GrantAsync).WithSummary("Let somebody act for oneself");
        group.MapGet("/", ListGivenAsync).WithSummary("List the delegations one gave");
        group.MapGet("/granted", ListReceivedAsync).WithSummary("List the delegations one was given on this server");
        group.MapDelete("/{id}", RevokeAsync).WithSummary("Take a delegation back");
    }

    private static async Task<Results<JsonHttpResult<Granted>, Rejection>> GrantAsync(
        GrantRequest request, Caller caller, IStateStore state, TimeProvider time, CancellationToken cancellationToken)
    {
        string scope = request.Scope ?? DelegationScope.Send;
        var now = time.GetUtcNow();
        if (!Address.TryParse(request.Delegate, out var @delegate)) return Rejection.Malformed("invalid delegate address format");
        if (@delegate == caller.Address) return Rejection.Malformed("nobody needs a delegation for themselves");
        if (!DelegationScope.IsKnown(scope)) return Rejection.Malformed("scope must be send, read or manage");
        if (request.ExpiresAt <= now.ToUnixTimeSeconds()) return Rejection.Malformed("expires_at is in the past");

        var record = new DelegationRecord(
            Guid.CreateVersion7(now).ToString(), caller.Address, @delegate.ToString(), scope, now.ToUnixTimeSeconds(), request.ExpiresAt);
        await state.Delegations.AddAsync(record, cancellationToken);
        return TypedResults.Json(new Granted(DelegationView.Of(record)), statusCode: StatusCodes.Status201Created);
    }

    private static async Task<Ok<DelegationList>> ListGivenAsync(Caller caller, IStateStore state, CancellationToken cancellationToken) =>
        DelegationList.Of(await state.Delegations.ListByOwnerAsync(caller.Address, cancellationToken));

    private static async Task<Ok<DelegationList>> ListReceivedAsync(Caller caller, IStateStore state, CancellationToken cancellationToken) =>
        DelegationList.Of(await state.Delegations.ListByDelegateAsync(caller.Address.ToString(), cancellationToken));

    private static async Task<Results<Ok<StatusOf>, Rejection>> RevokeAsync(string id, Caller caller, IStateStore state, CancellationToken cancellationToken) =>
        await state.Delegations.RemoveAsync(caller.Address, id, cancellationToken)
            ? TypedResults.Ok(new StatusOf("deleted", id))
            : Rejection.NotFound("delegation");

    private sealed record GrantRequest(string? Delegate, string? Scope, long? ExpiresAt);

    private sealed record Granted(DelegationView Delegation);

    private sealed record DelegationList(IReadOnlyList<DelegationView> Delegations)
    {
        public static Ok<DelegationList> Of(IReadOnlyList<DelegationRecord> records) => TypedResults.Ok(new DelegationList([.. records.Select(DelegationView.Of)]));
    }

    private sealed record DelegationView(string Id, string Domain, string Alias, string Delegate, string Scope, long? ExpiresAt, long CreatedAt)
    {
        public static DelegationView Of(DelegationRecord record) => new(
            record.Id, record.Owner.Domain, record.Owner.Local, record.Delegate, record.Scope, record.ExpiresAt, record.CreatedAt);
    }
}
