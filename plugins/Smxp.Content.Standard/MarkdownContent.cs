using Markdig;
using Smxp.Plugins.Content;

namespace Smxp.Content.Standard;

/// <summary>CommonMark with tables, strike-through, task lists and bare links; raw HTML is shown, never obeyed.</summary>
internal sealed class MarkdownContent : IContentType
{
    /// <summary>Some floods make the parser quadratic (footnote-like brackets, rows of tables). Longer bodies are shown as they were typed.</summary>
    private const int MaxLength = 64 * 1024;

    /// <summary>Every bracket may open a link, and is tried against those that follow.</summary>
    private const int MaxBrackets = 4000;

    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .DisableHtml().UsePipeTables().UseEmphasisExtras().UseTaskLists().UseAutoLinks().Build();

    public string Name => "markdown";

    public string? Validate(string body) => null;

    public string RenderHtml(string body) => Convert(body) is { } html ? SafeHtml.Sanitize(html) ?? TextContent.Show(body) : TextContent.Show(body);

    public string RenderText(string body) => Convert(body) is { } html ? ReadableText.Of(html) ?? body : body;

    private static string? Convert(string body)
    {
        if (body.Length > MaxLength || body.AsSpan().Count('[') > MaxBrackets) return null;
        try
        {
            return Markdown.ToHtml(body, Pipeline);
        }
        catch (ArgumentException)
        {
            return null; // Markdig's answer to elements nested too deeply
        }
    }
}
