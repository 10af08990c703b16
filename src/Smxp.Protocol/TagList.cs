namespace Smxp.Protocol;

/// <summary>The <c>name=value; name=value</c> of our TXT records (SMXP §7). Names are lower-cased; a name may stand once.</summary>
internal static class TagList
{
    public static Dictionary<string, string>? Parse(string text)
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string part in text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1) return null;
            if (!tags.TryAdd(part[..equals].TrimEnd().ToLowerInvariant(), part[(equals + 1)..].TrimStart())) return null;
        }

        return tags;
    }
}
