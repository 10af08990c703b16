using System.Globalization;
using System.Text;
using MimeKit;

namespace Smxp.Bridge.Email.Mapping;

/// <summary>Turns <c>cid:</c> links (RFC 2392) into <c>blob:</c> ones. In one pass each, since strangers choose how many links there are and to how many parts.</summary>
internal static class InlineImages
{
    // Each makes the text longer, and nobody looks at as many pictures.
    private const int MostLinks = 10_000;

    // RFC 5322 §2.1.1: no line is longer.
    private const int LongestId = 998;
    private const string Scheme = "cid:";
    private const string Mark = "part-";
    private const int PlaceholderLength = 41;

    /// <summary>Replaces the links to parts; answers what stands in the HTML, for each part that is linked to, until its blob's id is known.</summary>
    public static (string Html, IReadOnlyDictionary<MimeEntity, string> Placeholders) Link(string html, IReadOnlyList<MimeEntity> parts)
    {
        var placeholders = new Dictionary<MimeEntity, string>(ReferenceEqualityComparer.Instance);
        // Longer ids first, so that none is taken for the beginning of another.
        List<(string Form, MimeEntity Part)> forms = [.. parts.SelectMany(Forms).OrderByDescending(static form => form.Form.Length)];
        if (forms.Count == 0) return (html, placeholders);
        var text = new StringBuilder(html.Length);
        int done = 0, links = 0;
        while (links++ < MostLinks && html.IndexOf(Scheme, done, StringComparison.OrdinalIgnoreCase) is >= 0 and var at)
        {
            int end = at + Scheme.Length;
            int found = forms.FindIndex(form => html.AsSpan(end).StartsWith(form.Form, StringComparison.OrdinalIgnoreCase));
            text.Append(html, done, (found < 0 ? end : at) - done);
            done = end;
            if (found < 0) continue;
            var (linked, part) = forms[found];
            if (!placeholders.TryGetValue(part, out string? placeholder)) placeholders.Add(part, placeholder = string.Create(CultureInfo.InvariantCulture, $"{Mark}{placeholders.Count:D3}-{Guid.NewGuid():N}"));
            text.Append("blob:").Append(placeholder);
            done += linked.Length;
        }

        return (text.Append(html, done, html.Length - done).ToString(), placeholders);
    }

    /// <summary>A text with blobs' ids in the place of what stood for them.</summary>
    public static string? Show(string? body, IReadOnlyDictionary<string, string> blobs)
    {
        if (body is null || blobs.Count == 0) return body;
        var text = new StringBuilder(body.Length);
        int done = 0;
        while (body.IndexOf(Mark, done, StringComparison.Ordinal) is >= 0 and var at)
        {
            bool isOurs = blobs.TryGetValue(body.Substring(at, Math.Min(PlaceholderLength, body.Length - at)), out string? blob);
            int end = at + (isOurs ? PlaceholderLength : Mark.Length);
            text.Append(body, done, (isOurs ? at : end) - done).Append(blob);
            done = end;
        }

        return text.Append(body, done, body.Length - done).ToString();
    }

    // As it stands, and as URLs have it (RFC 2392 §2).
    private static IEnumerable<(string Form, MimeEntity Part)> Forms(MimeEntity part) => string.IsNullOrWhiteSpace(part.ContentId) || part.ContentId.Length > LongestId
        ? []
        : new[] { part.ContentId, Uri.EscapeDataString(part.ContentId) }.Distinct(StringComparer.Ordinal).Select(form => (form, part));
}
