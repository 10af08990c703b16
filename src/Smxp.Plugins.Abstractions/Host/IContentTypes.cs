using System.Diagnostics.CodeAnalysis;
using Smxp.Plugins.Content;

namespace Smxp.Plugins.Host;

/// <summary>The content types that configuration enabled.</summary>
public interface IContentTypes
{
    /// <summary>Their names on the wire, in the order configuration gives.</summary>
    IReadOnlyList<string> Names { get; }

    /// <summary>Finds one by its name on the wire.</summary>
    bool TryGet(string name, [NotNullWhen(true)] out IContentType? contentType);
}
