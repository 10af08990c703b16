namespace Smxp.Dns.Wire;

/// <summary>The form of a name that can be asked for (RFC 1035 §2.3.4): labels of 1 to 63 octets, 253 characters in all.</summary>
internal static class DnsName
{
    public const int LongestLabel = 63;
    public const int LongestName = 253;

    public static bool IsValid(string name) =>
        name.Length is > 0 and <= LongestName
        && name.Split('.').All(static label => label.Length is > 0 and <= LongestLabel && label.All(static c => c is > ' ' and < '\x7f'));

    /// <summary>Lower-case, without a trailing dot; the root is <c>.</c>.</summary>
    public static string Normalize(string name)
    {
        string trimmed = name.EndsWith('.') ? name[..^1] : name;
        return trimmed.Length == 0 ? "." : trimmed.ToLowerInvariant();
    }
}
