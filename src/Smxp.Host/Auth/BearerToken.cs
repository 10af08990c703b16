using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Smxp.Plugins.Storage;

namespace Smxp.Host.Auth;

/// <summary>The text of bearer tokens (SMXP §8): <c>smxp_ses_</c> or <c>smxp_key_</c> and 32 random bytes. The server keeps only its SHA-256.</summary>
internal static class BearerToken
{
    private const string SessionPrefix = "smxp_ses_";
    private const string ApiKeyPrefix = "smxp_key_";
    private const string Scheme = "Bearer ";
    private const int RandomBytes = 32;
    private const int MaxLength = 128;

    /// <summary>Makes a token of a kind (<see cref="TokenKind"/>).</summary>
    public static string Mint(string kind) =>
        (kind == TokenKind.Session ? SessionPrefix : ApiKeyPrefix) + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));

    /// <summary>What is stored of a token.</summary>
    public static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary>Whether the text can be an API key, so that a sign-in with it is looked up and not hashed as a password.</summary>
    public static bool LooksLikeApiKey(string text) => text.Length <= MaxLength && text.StartsWith(ApiKeyPrefix, StringComparison.Ordinal);

    /// <summary>The token a request carries; null where it carries none that could be ours.</summary>
    /// <param name="request">The request.</param>
    /// <param name="allowQuery">Whether <c>?token=</c> counts: only where a browser can send no header (SMXP §8).</param>
    public static string? Read(HttpRequest request, bool allowQuery)
    {
        string? text = null;
        string? header = request.Headers.Authorization;
        // RFC 9110 §11.1: the scheme's name is case-insensitive.
        if (header is not null && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) text = header[Scheme.Length..].Trim();
        else if (allowQuery) text = request.Query["token"];

        return text is { Length: <= MaxLength } && (text.StartsWith(SessionPrefix, StringComparison.Ordinal) || text.StartsWith(ApiKeyPrefix, StringComparison.Ordinal))
            ? text
            : null;
    }
}
