using System.Text.Encodings.Web;
using Smxp.Plugins.Content;

namespace Smxp.Sample.Poll;

internal sealed class PollContent(PollSettings settings) : IContentType
{
    public string Name => "poll";

    public string? Validate(string body) => Lines(body) switch
    {
        { Length: < 3 } => "a poll needs a question and at least two answers, each on a line",
        var lines when lines.Length - 1 > settings.MaxChoices => $"a poll has at most {settings.MaxChoices} answers",
        _ => null,
    };

    public string RenderHtml(string body) =>
        Lines(body) is [var question, .. var answers] ? $"<p>{Encode(question)}</p><ul>{string.Concat(answers.Select(answer => $"<li>{Encode(answer)}</li>"))}</ul>" : "";

    public string RenderText(string body) => Lines(body) is [var question, .. var answers] ? $"{question}\n{string.Concat(answers.Select(answer => $"- {answer}\n"))}" : "";

    private static string[] Lines(string body) => body.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static string Encode(string text) => HtmlEncoder.Default.Encode(text);
}
