namespace Smxp.Content.Standard;

/// <summary>Which addresses may stand in links and pictures.</summary>
internal static class SafeAddress
{
    private static readonly string[] Remote = ["http", "https"];
    private static readonly string[] LinkSchemes = ["http", "https", "mailto", "tel", "cid", "blob", "smxp"];
    private static readonly string[] PictureSchemes = ["http", "https", "cid", "blob"];
    private static readonly string[] PictureData = ["data:image/png;base64,", "data:image/jpeg;base64,", "data:image/gif;base64,", "data:image/webp;base64,"];

    public static IReadOnlyList<string> Schemes { get; } = [.. LinkSchemes, "data"];

    /// <summary>The address, or null. Relative ones are refused: they would point into the page around the message.</summary>
    public static string? Filter(string? address, bool isPicture)
    {
        if (address is null) return null;

        // Browsers strip these before they look at the scheme (WHATWG URL §4.4).
        string seen = new([.. address.Where(static c => c is not ('\t' or '\n' or '\r'))]);
        seen = seen.Trim([.. Enumerable.Range(0, 33).Select(static c => (char)c)]);
        int colon = seen.IndexOf(':', StringComparison.Ordinal);
        if (colon < 1) return null;
        string scheme = seen[..colon].ToLowerInvariant();
        if (isPicture && PictureData.Any(prefix => seen.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))) return seen;
        return Array.IndexOf(isPicture ? PictureSchemes : LinkSchemes, scheme) >= 0 ? seen : null;
    }

    /// <summary>Whether showing it would ask another machine.</summary>
    public static bool IsRemote(string address) =>
        Array.Exists(Remote, scheme => address.StartsWith(scheme + ":", StringComparison.OrdinalIgnoreCase));
}
