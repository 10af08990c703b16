using System.Globalization;

namespace Smxp.Host.Errors;

/// <summary>An expected failure, written as <c>{"error": "…"}</c>. The whole error surface of the protocol is the list below.</summary>
internal sealed record Rejection(int Status, string Error) : IResult
{
    /// <summary>When it is worth another try; sent as <c>Retry-After</c>.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public static Rejection Malformed(string why) => new(StatusCodes.Status400BadRequest, why);
    public static readonly Rejection IdMismatch = new(StatusCodes.Status400BadRequest, "id mismatch");
    public static readonly Rejection Unauthorized = new(StatusCodes.Status401Unauthorized, "unauthorized");
    public static readonly Rejection InvalidCredentials = new(StatusCodes.Status401Unauthorized, "invalid credentials");
    public static readonly Rejection InvalidToken = new(StatusCodes.Status401Unauthorized, "invalid token");
    public static readonly Rejection NoRoute = new(StatusCodes.Status404NotFound, "not found");
    public static readonly Rejection NotJson = new(StatusCodes.Status415UnsupportedMediaType, "unsupported media type, send application/json");
    public static readonly Rejection UnknownCharset = new(StatusCodes.Status415UnsupportedMediaType, "unknown charset, send UTF-8");
    public static readonly Rejection Internal = new(StatusCodes.Status500InternalServerError, "internal error");
    public static Rejection Verification(string why) => new(StatusCodes.Status403Forbidden, $"verification error: {why}");
    public static readonly Rejection NotAuthor = new(StatusCodes.Status403Forbidden, "not the author");
    public static Rejection Forbidden(string why) => new(StatusCodes.Status403Forbidden, why);
    public static readonly Rejection DomainNotHere = new(StatusCodes.Status404NotFound, "recipient domain not on this server");
    public static readonly Rejection OwnerDomainNotHere = new(StatusCodes.Status404NotFound, "owner domain not on this server");
    public static readonly Rejection NoDelegation = new(StatusCodes.Status403Forbidden, "no delegation allows this");
    public static readonly Rejection Replayed = new(StatusCodes.Status409Conflict, "duplicate request");
    public static Rejection OwnerUnreachable(string why) => new(StatusCodes.Status502BadGateway, $"the owner's server could not do it: {why}");
    public static readonly Rejection AddressNotFound = new(StatusCodes.Status404NotFound, "recipient address not found");
    public static Rejection NotFound(string what) => new(StatusCodes.Status404NotFound, $"{what} not found");
    public static readonly Rejection Duplicate = new(StatusCodes.Status409Conflict, "duplicate message");
    public static Rejection Conflict(string why) => new(StatusCodes.Status409Conflict, why);
    public static readonly Rejection Expired = new(StatusCodes.Status410Gone, "message expired");
    public static readonly Rejection TooLarge = new(StatusCodes.Status413PayloadTooLarge, "too large");
    public static readonly Rejection TooMany = new(StatusCodes.Status429TooManyRequests, "too many attempts, try again later");
    public static Rejection NotNow(string why, TimeSpan pause) => new(StatusCodes.Status429TooManyRequests, why) { RetryAfter = pause };
    public static readonly Rejection Busy = new(StatusCodes.Status503ServiceUnavailable, "busy, try again later");
    public static Rejection KeyUnavailable(string why) => new(StatusCodes.Status503ServiceUnavailable, $"verification not possible now: {why}");
    public static readonly Rejection Unavailable = new(StatusCodes.Status503ServiceUnavailable, "temporarily unavailable, try again later");

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = Status;
        if (RetryAfter is { } wait) httpContext.Response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return httpContext.Response.WriteAsJsonAsync(new ErrorBody(Error), ErrorJson.Default.ErrorBody, cancellationToken: httpContext.RequestAborted);
    }
}
