using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Smxp.Host.Blobs;

/// <summary>The ids and tokens of blobs (SMXP §10). A token is a capability: whoever holds it may fetch the blob; the server keeps only its SHA-256.</summary>
internal static class BlobNames
{
    private const string IdPrefix = "blob_";
    private const int MaxIdLength = 128;
    private const int MaxTokenLength = 256;

    public static string NewId() => IdPrefix + Random(16);

    public static string NewTokenId() => "bltid_" + Random(8);

    public static string NewToken() => "blt_" + Random(32);

    /// <summary>What is stored of a token; null for what cannot be one.</summary>
    public static byte[]? HashOf(string? token) => token is { Length: > 0 and <= MaxTokenLength } ? SHA256.HashData(Encoding.UTF8.GetBytes(token)) : null;

    /// <summary>Whether the text can be a blob's id, here or on another server: a single harmless path segment.</summary>
    public static bool IsId(string text) => text.Length is > 0 and <= MaxIdLength && text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');

    private static string Random(int bytes) => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(bytes));
}
