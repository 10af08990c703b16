using Smxp.Plugins.Bridge;

namespace Smxp.Bridge.Email.Administration;

/// <summary>What the bridge answers over HTTP and on the command line. Each part is a class of its own, and says which calls are its.</summary>
internal sealed class EmailApi(IReadOnlyList<IResource> resources) : IBridgeApi
{
    public async Task<BridgeAnswer> AnswerAsync(BridgeCall call, CancellationToken cancellationToken)
    {
        foreach (var resource in resources)
        {
            if (await resource.TryAnswerAsync(call, cancellationToken) is { } answer) return answer;
        }

        return BridgeAnswer.NotFound();
    }
}
