namespace Smxp.Bridge.Email.Mapping;

/// <summary>Turns <c>cid:</c> links (RFC 2392) into <c>blob:</c> ones.</summary>
internal static class InlineImages
{
    /// <summary>Replaces the links to one part; answers what stands in the HTML until the blob's id is known, or null where nothing links to it.</summary>
    public static string? Replace(ref string html, string? contentId, int number)
    {
        if (string.IsNullOrWhiteSpace(contentId)) return null;
        string placeholder = $"part-{number}-{Guid.NewGuid():N}";
        bool found = false;
        foreach (string form in new[] { contentId, Uri.EscapeDataString(contentId) }.Distinct(StringComparer.Ordinal))
        {
            string link = $"cid:{form}";
            if (!html.Contains(link, StringComparison.OrdinalIgnoreCase)) continue;
            html = html.Replace(link, $"blob:{placeholder}", StringComparison.OrdinalIgnoreCase);
            found = true;
        }

        return found ? placeholder : null;
    }
}
