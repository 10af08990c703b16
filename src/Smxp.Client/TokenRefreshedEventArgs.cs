namespace Smxp.Client;

/// <summary>The token that took the place of another (SMXP §8, <c>X-SMXP-Token-Refresh</c>).</summary>
public sealed class TokenRefreshedEventArgs(string token) : EventArgs
{
    /// <summary>The fresh token.</summary>
    public string Token { get; } = token;
}
