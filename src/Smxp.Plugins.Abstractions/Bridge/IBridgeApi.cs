namespace Smxp.Plugins.Bridge;

/// <summary>
/// What a bridge answers over HTTP; it may implement this beside <see cref="IBridge"/>. The host serves it below <c>/.smxp/bridge/{name}/</c> to whoever is signed in, for
/// that mailbox alone, and below <c>/.smxp/admin/bridge/{name}/</c> to the administrator; it checks who calls, bounds and reads the body, and writes the answer.
/// </summary>
public interface IBridgeApi
{
    /// <summary>
    /// Answers a call. Called from several threads. Every outcome is a value; a <see cref="System.Text.Json.JsonException"/> stands for a body that is not of the expected form,
    /// and a <see cref="Storage.StorageUnavailableException"/> for an outage. Paths that mean nothing are <see cref="BridgeAnswer.NotFound"/>.
    /// </summary>
    Task<BridgeAnswer> AnswerAsync(BridgeCall call, CancellationToken cancellationToken);
}
