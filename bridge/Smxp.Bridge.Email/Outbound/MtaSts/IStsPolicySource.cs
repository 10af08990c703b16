namespace Smxp.Bridge.Email.Outbound.MtaSts;

/// <summary>Where policies are fetched from.</summary>
internal interface IStsPolicySource
{
    /// <summary>Fetches a domain's policy file. Every failure is a value. Called from several threads.</summary>
    Task<StsFetch> FetchAsync(string domain, CancellationToken cancellationToken);
}

/// <summary>What a fetch brought.</summary>
/// <param name="Text">The file; null where it could not be had.</param>
/// <param name="Problem">Why not.</param>
/// <param name="Failure">The same as a result type of RFC 8460 §4.3.</param>
internal sealed record StsFetch(string? Text, string? Problem = null, string? Failure = null);
