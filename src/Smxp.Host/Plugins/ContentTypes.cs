using System.Diagnostics.CodeAnalysis;
using Smxp.Plugins.Content;
using Smxp.Plugins.Host;

namespace Smxp.Host.Plugins;

/// <summary>The content types in use, by name.</summary>
internal sealed class ContentTypes(IEnumerable<IContentType> contentTypes) : IContentTypes
{
    private readonly Dictionary<string, IContentType> _byName = contentTypes.ToDictionary(contentType => contentType.Name, StringComparer.Ordinal);

    public IReadOnlyList<string> Names => [.. _byName.Keys];

    public bool TryGet(string name, [NotNullWhen(true)] out IContentType? contentType) => _byName.TryGetValue(name, out contentType);
}
