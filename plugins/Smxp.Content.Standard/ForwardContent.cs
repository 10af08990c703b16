using System.Globalization;
using System.Net;
using System.Text;
using Smxp.Plugins.Content;
using Smxp.Protocol;

namespace Smxp.Content.Standard;

/// <summary>A forwarded envelope: who wrote what to whom and when, then the original in its own type.</summary>
internal sealed class ForwardContent(Func<string, IContentType?> findType) : IContentType
{
    private static readonly TextContent Text = new();

    public string Name => ForwardedEnvelope.ContentType;

    public string? Validate(string body) => ForwardedEnvelope.TryParse(body, out var original, out string? error)
        ? TypeOf(original).Validate(original.Body ?? "")
        : $"a forward's body is the JSON text of an envelope: {error}";

    public string RenderHtml(string body)
    {
        if (!ForwardedEnvelope.TryParse(body, out var original, out _)) return TextContent.Show(body);
        var html = new StringBuilder("<div><p>");
        foreach (var (name, value) in Headers(original)) html.Append("<b>").Append(name).Append(":</b> ").Append(WebUtility.HtmlEncode(value)).Append("<br>");
        return html.Append("</p><blockquote>").Append(TypeOf(original).RenderHtml(original.Body ?? "")).Append("</blockquote></div>").ToString();
    }

    public string RenderText(string body)
    {
        if (!ForwardedEnvelope.TryParse(body, out var original, out _)) return body;
        var text = new StringBuilder("---------- Forwarded message ----------\n");
        foreach (var (name, value) in Headers(original)) text.Append(name).Append(": ").Append(value).Append('\n');
        return text.Append('\n').Append(TypeOf(original).RenderText(original.Body ?? "")).ToString();
    }

    private IContentType TypeOf(Envelope original) => findType(original.ContentType) ?? Text;

    private static IEnumerable<(string Name, string Value)> Headers(Envelope original)
    {
        yield return ("From", original.Name is { } name ? $"{name} <{original.From}>" : original.From);
        yield return ("To", original.To);
        if (Date(original.Timestamp) is { } date) yield return ("Date", date);
        if (original.Subject is { Length: > 0 } subject) yield return ("Subject", subject);
        if (original.Attachments.Count > 0) yield return ("Attachments", string.Join(", ", original.Attachments.Select(static a => a.Name ?? a.BlobId)));
    }

    private static string? Date(long timestamp) => timestamp > 0 && timestamp <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
        ? DateTimeOffset.FromUnixTimeSeconds(timestamp).ToString("ddd, d MMM yyyy HH:mm 'UTC'", CultureInfo.InvariantCulture)
        : null;
}
