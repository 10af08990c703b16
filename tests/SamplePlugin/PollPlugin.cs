using Smxp.Plugins;
using Smxp.Plugins.Content;

namespace Smxp.Sample.Poll;

/// <summary>Adds the content type <c>poll</c>: the first line asks, every further line is an answer to choose.</summary>
public sealed class PollPlugin : IPlugin
{
    public void Register(IPluginBuilder plugin) => plugin.Driver<IContentType, PollSettings>("poll", (_, settings) => new PollContent(settings));
}
