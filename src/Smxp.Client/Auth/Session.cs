namespace Smxp.Client.Auth;

/// <summary>A session that has just begun.</summary>
/// <param name="Token">The bearer token, <c>smxp_ses_…</c>. Shown once.</param>
/// <param name="TokenId">Its public id.</param>
/// <param name="ExpiresAt">When it ends, Unix seconds.</param>
public sealed record Session(string Token, string TokenId, long ExpiresAt);
