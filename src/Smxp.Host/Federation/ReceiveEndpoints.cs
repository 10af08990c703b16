using Smxp.Host.Configuration;
using Smxp.Host.Domains;
using Smxp.Host.Errors;
using Smxp.Host.Mail;
using Smxp.Protocol;

namespace Smxp.Host.Federation;

/// <summary><c>POST /.smxp/receive</c>: the door for other servers (SMXP §6).</summary>
internal static class ReceiveEndpoints
{
    public static void MapReceive(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/.smxp/receive", ReceiveAsync).LimitBody(BodyLimit.None).WithTags("Federation").WithSummary("Take an envelope from another server");

    // Cheap checks come before dear ones: size, shape, id, recipient, and the signature last.
    private static async Task<IResult> ReceiveAsync(
        HttpContext context, ICorridor corridor, IKeyRing domains, SignatureVerifier verifier, SmxpOptions options, TimeProvider time)
    {
        CancellationToken cancellationToken = context.RequestAborted;
        byte[]? body = await RequestBody.ReadAsync(context, options.Federation.MaxEnvelopeBytes, cancellationToken);
        if (body is null) return Rejection.TooLarge;
        if (!SignedEnvelope.TryParse(body, out SignedEnvelope? signed, out string? error)) return Rejection.Malformed(error);
        Envelope envelope = signed.Envelope;
        if (!Address.TryParse(envelope.From, out Address? from) || !Address.TryParse(envelope.To, out Address? to)) return Rejection.Malformed("from and to must be addresses");
        if (envelope.Id != ContentId.Compute(envelope)) return Rejection.IdMismatch;
        if (!await domains.IsLocalAsync(to.Domain, cancellationToken)) return Rejection.DomainNotHere;
        if (envelope.Expires is { } expires && expires < time.GetUtcNow().ToUnixTimeSeconds()) return Rejection.Expired;

        Verification verification = await verifier.VerifyAsync(from.Domain, envelope.ServerKeyId, envelope.ServerSignature, signed.SignedTexts(), cancellationToken);
        if (verification.Rejection is not null) return verification.Rejection;

        ReceiveOutcome outcome = await corridor.ReceiveAsync(signed, cancellationToken);
        return outcome.Rejection is not null ? outcome.Rejection : new Received(outcome);
    }

    private sealed class Received(ReceiveOutcome outcome) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = StatusCodes.Status201Created;
            var body = new ReceivedBody("accepted", outcome.Id, outcome.OriginalTo, outcome.DeliveredTo, outcome.ForwardedTo, outcome.Updated);
            return httpContext.Response.WriteAsJsonAsync(body, FederationJson.Default.ReceivedBody, cancellationToken: httpContext.RequestAborted);
        }
    }
}
