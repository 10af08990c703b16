using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Smxp.Host.Errors;
using Smxp.Protocol;

namespace Smxp.Host.Admin;

/// <summary>The addresses of the domains served here (SMXP §8): inboxes, and the SDK's <c>mode: "forward"</c>, which is a name for routes.</summary>
internal static class AddressEndpoints
{
    public static void MapAdminAddresses(this IEndpointRouteBuilder admin)
    {
        var group = admin.MapGroup("/addresses");
        group.MapGet("/", ListAsync).WithSummary("List addresses, of one domain or of all");
        group.MapPost("/", AddAsync).WithSummary("Add an inbox, or an address that forwards");
        group.MapGet("/{domain}/{alias}", GetAsync).WithSummary("One address");
        group.MapDelete("/{domain}/{alias}", DeleteAsync).WithSummary("Remove an address; its messages stay");
    }

    private static async Task<Results<Ok<AddressList>, Rejection>> ListAsync(string? domain, AddressBook book, CancellationToken cancellationToken)
    {
        string? name = null;
        if (!string.IsNullOrEmpty(domain) && !DomainName.TryNormalize(domain, out name)) return Rejection.Malformed("invalid domain");
        return TypedResults.Ok(new AddressList(await book.ListAsync(name, cancellationToken)));
    }

    private static async Task<Results<JsonHttpResult<AddressView>, Rejection>> AddAsync(AddRequest request, AddressBook book, CancellationToken cancellationToken)
    {
        if (!DomainName.TryNormalize(request.Domain, out string? domain)) return Rejection.Malformed("invalid domain");
        string alias = AddressBook.NormalizeAlias(request.Alias ?? "");
        var (added, rejection) = request.Mode switch
        {
            null or "inbox" => await book.AddInboxAsync(domain, alias, request.Password, cancellationToken),
            "forward" => await book.AddForwardAsync(domain, alias, request.ForwardTo ?? [], cancellationToken),
            _ => (null, Rejection.Malformed("mode must be inbox or forward")),
        };
        return rejection is null ? TypedResults.Json(added, statusCode: StatusCodes.Status201Created) : rejection;
    }

    private static async Task<Results<Ok<One>, Rejection>> GetAsync(string domain, string alias, AddressBook book, CancellationToken cancellationToken) =>
        DomainName.TryNormalize(domain, out string? name) && await book.FindAsync(name, AddressBook.NormalizeAlias(alias), cancellationToken) is { } found
            ? TypedResults.Ok(new One(found))
            : Rejection.NotFound("address");

    private static async Task<Results<Ok<Deleted>, Rejection>> DeleteAsync(string domain, string alias, AddressBook book, CancellationToken cancellationToken)
    {
        string local = AddressBook.NormalizeAlias(alias);
        return DomainName.TryNormalize(domain, out string? name) && await book.RemoveAsync(name, local, cancellationToken)
            ? TypedResults.Ok(new Deleted("deleted", name, local))
            : Rejection.NotFound("address");
    }

    private sealed record AddRequest(
        string? Domain, string? Alias, string? Password, string? Mode, [property: JsonConverter(typeof(OneOrManyConverter))] IReadOnlyList<string>? ForwardTo);

    private sealed record AddressList(IReadOnlyList<AddressView> Addresses);

    private sealed record One(AddressView Address);

    private sealed record Deleted(string Status, string Domain, string Alias);
}

/// <summary>An address as the admin API answers it.</summary>
internal sealed record AddressView(string Address, string Domain, string Alias, string Mode, long CreatedAt)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public IReadOnlyList<string>? ForwardTo { get; init; }
}
