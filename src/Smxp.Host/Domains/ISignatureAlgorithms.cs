using System.Diagnostics.CodeAnalysis;
using Smxp.Plugins.Signatures;

namespace Smxp.Host.Domains;

/// <summary>The signature algorithms that configuration enabled.</summary>
internal interface ISignatureAlgorithms
{
    /// <summary>All of them, by name.</summary>
    IReadOnlyList<ISignatureAlgorithm> All { get; }

    /// <summary>Finds one by its name on the wire.</summary>
    bool TryGet(string name, [NotNullWhen(true)] out ISignatureAlgorithm? algorithm);
}
