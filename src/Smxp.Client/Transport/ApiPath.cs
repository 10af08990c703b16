using System.Globalization;
using System.Text;

namespace Smxp.Client.Transport;

/// <summary>Builds request paths; every value is escaped, so that no id can lead a request elsewhere.</summary>
internal static class ApiPath
{
    /// <summary>Joins segments, each escaped, below <c>/.smxp/</c>.</summary>
    public static string Of(string fixedPart, params ReadOnlySpan<string> segments)
    {
        var path = new StringBuilder("/.smxp/").Append(fixedPart);
        foreach (string segment in segments) path.Append(Segment(segment));
        return path.ToString();
    }

    /// <summary>One segment, escaped, with the slash before it.</summary>
    public static string Segment(string segment)
    {
        ArgumentException.ThrowIfNullOrEmpty(segment);
        // "." and ".." survive escaping and would be folded away by Uri.
        return segment is "." or ".." ? throw new ArgumentException($"'{segment}' cannot stand in a path.", nameof(segment)) : "/" + Uri.EscapeDataString(segment);
    }

    /// <summary>Adds the query members that are not null.</summary>
    public static string With(this string path, params ReadOnlySpan<(string Name, string? Value)> query)
    {
        var result = new StringBuilder(path);
        char separator = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        foreach (var (name, value) in query)
        {
            if (value is null) continue;
            result.Append(separator).Append(name).Append('=').Append(Uri.EscapeDataString(value));
            separator = '&';
        }
        return result.ToString();
    }

    public static string? Text(this int? number) => number?.ToString(CultureInfo.InvariantCulture);
}
