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

    /// <summary>How many letters are added, lost, changed or swapped with their neighbour (optimal string alignment), ignoring case.</summary>
    private static int Distance(string a, string b)
    {
        (a, b) = (a.ToUpperInvariant(), b.ToUpperInvariant());
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++) d[i, 0] = i;
        for (var j = 0; j <= b.Length; j++) d[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                d[i, j] = Math.Min(Math.Min(d[i - 1, j], d[i, j - 1]) + 1, d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        }

        return d[a.Length, b.Length];
    }
}
