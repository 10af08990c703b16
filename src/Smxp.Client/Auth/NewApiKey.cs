namespace Smxp.Client.Auth;

/// <summary>An API key that was just made.</summary>
/// <param name="Token">The bearer token, <c>smxp_key_…</c>. Shown once.</param>
/// <param name="Id">Its public id.</param>
/// <param name="Name">What its owner calls it.</param>
/// <param name="ExpiresAt">When it ends, Unix seconds; null for never.</param>
public sealed record NewApiKey(string Token, string Id, string? Name = null, long? ExpiresAt = null);
