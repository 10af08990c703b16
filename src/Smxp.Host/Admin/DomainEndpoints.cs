using Microsoft.AspNetCore.Http.HttpResults;
using Smxp.Host.Configuration;
using Smxp.Host.Domains;
using Smxp.Host.Errors;
using Smxp.Protocol;

namespace Smxp.Host.Admin;

/// <summary>The domains served here (SMXP §8).</summary>
internal static class DomainEndpoints
{
    /// <summary>How long a new key may wait for its turn, seconds.</summary>
    private const long MaxDelay = 30 * 86400;

    public static void MapAdminDomains(this IEndpointRouteBuilder admin)
    {
        var group = admin.MapGroup("/domains");
        group.MapGet("/", ListAsync).WithSummary("List the domains");
        group.MapPost("/", AddAsync).WithSummary("Add a domain; the answer says what to publish in DNS");
        group.MapGet("/{domain}", GetAsync).WithSummary("One domain");
        group.MapDelete("/{domain}", DeleteAsync).WithSummary("Remove a domain with its addresses and routes");
        group.MapPost("/{domain}/verify", VerifyAsync).WithSummary("Compare DNS with what it should say");
        group.MapPost("/{domain}/keys/rotate", RotateAsync).WithSummary("Give a domain new keys, at once or after a delay in seconds in which to publish them; the old ones still verify");
    }

    private static async Task<Ok<DomainList>> ListAsync(DomainService domains, SmxpOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var all = await domains.ListAsync(cancellationToken);
        return TypedResults.Ok(new DomainList([.. all.Select(domain => DomainView.Of(domain, options, time))]));
    }

    private static async Task<Results<JsonHttpResult<DomainView>, Rejection>> AddAsync(
        AddRequest request, DomainService domains, SmxpOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!DomainName.TryNormalize(request.Domain, out string? name) || !CanBePublished(name)) return Rejection.Malformed("invalid domain");
        return await domains.AddAsync(name, cancellationToken) is { } added
            ? TypedResults.Json(DomainView.Of(added, options, time), statusCode: StatusCodes.Status201Created)
            : Rejection.Conflict("domain already exists");
    }

    private static async Task<Results<Ok<DomainView>, Rejection>> GetAsync(
        string domain, DomainService domains, SmxpOptions options, TimeProvider time, CancellationToken cancellationToken) =>
        DomainName.TryNormalize(domain, out string? name) && await domains.FindAsync(name, cancellationToken) is { } found
            ? TypedResults.Ok(DomainView.Of(found, options, time))
            : Rejection.NotFound("domain");

    private static async Task<Results<Ok<Deleted>, Rejection>> DeleteAsync(string domain, DomainService domains, CancellationToken cancellationToken) =>
        DomainName.TryNormalize(domain, out string? name) && await domains.RemoveAsync(name, cancellationToken)
            ? TypedResults.Ok(new Deleted("deleted", name))
            : Rejection.NotFound("domain");

    private static async Task<Results<JsonHttpResult<VerificationView>, Rejection>> VerifyAsync(
        string domain, DomainService domains, DomainVerification verification, CancellationToken cancellationToken)
    {
        if (!DomainName.TryNormalize(domain, out string? name) || await domains.FindAsync(name, cancellationToken) is not { } found)
            return Rejection.NotFound("domain");
        var result = await verification.VerifyAsync(found, cancellationToken);
        return TypedResults.Json(result, statusCode: result.Verified ? StatusCodes.Status200OK : StatusCodes.Status409Conflict);
    }

    private static async Task<Results<Ok<DomainView>, Rejection>> RotateAsync(
        string domain, RotateRequest? request, DomainService domains, ISignatureAlgorithms algorithms, SmxpOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        if (request?.Algorithm is { } algorithm && !algorithms.TryGet(algorithm, out _))
            return Rejection.Malformed($"algorithm must be one of {string.Join(", ", algorithms.All.Select(each => each.Name))}");
        if (request?.Delay is < 0 or > MaxDelay) return Rejection.Malformed($"delay must be from 0 to {MaxDelay} seconds");
        return DomainName.TryNormalize(domain, out string? name) && await domains.RotateAsync(name, request?.Algorithm, TimeSpan.FromSeconds(request?.Delay ?? 0), cancellationToken) is { } rotated
            ? TypedResults.Ok(DomainView.Of(rotated, options, time))
            : Rejection.NotFound("domain");
    }

    /// <summary>SMXP §1 lets more through than DNS can hold; where nothing can be published, nobody could ever verify what is sent.</summary>
    private static bool CanBePublished(string domain) => Uri.CheckHostName(domain) == UriHostNameType.Dns && domain.Split('.').All(IsLabel);

    // RFC 1123 §2.1: letters, digits and inner hyphens. RFC 1035 §2.3.4: 63 octets at most.
    private static bool IsLabel(string label) => label.Length is > 0 and <= 63 && label[0] != '-' && label[^1] != '-';

    private sealed record AddRequest(string? Domain);

    private sealed record RotateRequest(string? Algorithm, long? Delay);

    private sealed record DomainList(IReadOnlyList<DomainView> Domains);

    private sealed record Deleted(string Status, string Domain);
}
