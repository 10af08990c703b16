using Smxp.Plugins.Bridge;

namespace Smxp.Bridge.Email.Api;

/// <summary>What the bridge answers over HTTP, below <c>/.smxp/bridge/email/</c> and <c>/.smxp/admin/bridge/email/</c>: each part knows its own paths, the first that does answers.</summary>
internal sealed class EmailApi(params IReadOnlyList<IApiPart> parts) : IBridgeApi
{
    public Task<BridgeAnswer> AnswerAsync(BridgeCall call, CancellationToken cancellationToken)
    {
        foreach (var part in parts)
        {
            if (part.TryAnswer(call, cancellationToken) is { } answer) return answer;
        }

        return Task.FromResult(BridgeAnswer.NotFound());
    }
}

/// <summary>A part of the bridge's API.</summary>
internal interface IApiPart
{
    /// <summary>Answers a call; null where it is not this part's.</summary>
    Task<BridgeAnswer>? TryAnswer(BridgeCall call, CancellationToken cancellationToken);
}
