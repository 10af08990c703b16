using System.Diagnostics.CodeAnalysis;
using Smxp.Host.Domains;
using Smxp.Plugins.Signatures;

namespace Smxp.Host.Plugins;

/// <summary>The signature algorithms in use, by name.</summary>
internal sealed class SignatureAlgorithms(IEnumerable<ISignatureAlgorithm> algorithms) : ISignatureAlgorithms
{
    private readonly Dictionary<string, ISignatureAlgorithm> _byName = algorithms.ToDictionary(algorithm => algorithm.Name, StringComparer.Ordinal);

    public IReadOnlyList<ISignatureAlgorithm> All => [.. _byName.Values];

    public bool TryGet(string name, [NotNullWhen(true)] out ISignatureAlgorithm? algorithm) => _byName.TryGetValue(name, out algorithm);
}
