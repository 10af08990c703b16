namespace Smxp.Host.Configuration;

/// <summary>Finds what somebody probably meant to write.</summary>
internal static class NearestName
{
    /// <summary>" Did you mean X?" for a name close to a known one, otherwise the list of what is known.</summary>
    public static string Suggest(string name, IEnumerable<string> known)
    {
        var all = known.Order(StringComparer.OrdinalIgnoreCase).ToArray();
        if (all.Length == 0) return "there is none to choose from";
        var nearest = all.MinBy(candidate => Distance(name, candidate))!;
        return Distance(name, nearest) <= Math.Max(1, nearest.Length / 3) ? $"did you mean {nearest}?" : $"known: {string.Join(", ", all)}";
    }

    /// <summary>Levenshtein distance, ignoring case.</summary>
    private static int Distance(string a, string b)
    {
        (a, b) = (a.ToUpperInvariant(), b.ToUpperInvariant());
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}
