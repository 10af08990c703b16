using Microsoft.Extensions.DependencyInjection;
using Smxp.Plugins;
using Smxp.Plugins.Content;
using Smxp.Plugins.Host;

namespace Smxp.Content.Standard;

/// <summary>
/// Offers the content types every SMXP server knows (SMXP §2): text, markdown, html and forward. Each turns a stranger's body into HTML
/// that passed the same sanitizer, and into plain text. None can be made to throw, to recurse without bound or to fetch anything.
/// </summary>
public sealed class StandardContentPlugin : IPlugin
{
    /// <inheritdoc/>
    public void Register(IPluginBuilder plugin)
    {
        plugin.Driver<IContentType, NoSettings>("text", static (_, _) => new TextContent());
        plugin.Driver<IContentType, NoSettings>("markdown", static (_, _) => new MarkdownContent());
        plugin.Driver<IContentType, NoSettings>("html", static (_, _) => new HtmlContent());

        // The others are looked up when a forward is shown: while this runs they are still being made.
        plugin.Driver<IContentType, NoSettings>("forward", static (services, _) =>
            new ForwardContent(name => services.GetRequiredService<IContentTypes>().TryGet(name, out var found) ? found : null));
    }
}
