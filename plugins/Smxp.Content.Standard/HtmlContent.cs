using Smxp.Plugins.Content;

namespace Smxp.Content.Standard;

/// <summary>HTML, as far as it is harmless.</summary>
internal sealed class HtmlContent : IContentType
{
    public string Name => "html";

    public string? Validate(string body) => null;

    public string RenderHtml(string body) => SafeHtml.Sanitize(body) ?? TextContent.Show(HtmlSource.StripTags(body));

    public string RenderText(string body) => ReadableText.Of(body) ?? HtmlSource.StripTags(body);
}
