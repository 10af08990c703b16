using Smxp.Plugins.Dns;

namespace Smxp.Host.Plugins;

/// <summary>The configured resolvers as one: each may leave a question to the next.</summary>
internal sealed class DnsChain(IReadOnlyList<IDnsResolver> resolvers) : IDnsResolver
{
    public async ValueTask<DnsAnswer?> ResolveAsync(DnsQuestion question, CancellationToken cancellationToken)
    {
        foreach (var resolver in resolvers)
        {
            if (await resolver.ResolveAsync(question, cancellationToken) is { } answer) return answer;
        }

        // Nobody was unable to say: a list without a resolver for the rest of the world is a closed network, and this name is not in it.
        return DnsAnswer.Empty(DnsStatus.NoData, TimeSpan.Zero, "no resolver of Smxp:Dns answers this question");
    }
}
