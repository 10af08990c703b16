using Smxp.Plugins.Bridge;

namespace Smxp.Bridge.Email.Administration;

/// <summary>A part of the bridge's own API. Called from several threads.</summary>
internal interface IResource
{
    /// <summary>Answers a call; null leaves it to the next.</summary>
    ValueTask<BridgeAnswer?> TryAnswerAsync(BridgeCall call, CancellationToken cancellationToken);
}
