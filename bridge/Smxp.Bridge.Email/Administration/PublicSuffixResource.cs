using Smxp.Bridge.Email.Inbound.Trust;
using Smxp.Plugins.Bridge;

namespace Smxp.Bridge.Email.Administration;

/// <summary><c>psl</c>, for the administrator: <c>GET</c> says which Public Suffix List is in use, <c>POST psl/refresh</c> fetches a newer one.</summary>
internal sealed class PublicSuffixResource(PublicSuffixUpdates list) : IResource
{
    public async ValueTask<BridgeAnswer?> TryAnswerAsync(BridgeCall call, CancellationToken cancellationToken) => !call.IsAdmin ? null : (call.Method, call.Path) switch
    {
        ("GET", "psl") => Show(),
        ("POST", "psl/refresh") => await RefreshAsync(cancellationToken),
        _ => null,
    };

    private BridgeAnswer Show() => BridgeAnswer.Found(new { Rules = list.Current.Count, Source = list.IsShipped ? "shipped" : "fetched" });

    private async Task<BridgeAnswer> RefreshAsync(CancellationToken cancellationToken) =>
        await list.RefreshAsync(cancellationToken) is { } problem ? BridgeAnswer.Conflict(problem) : Show();
}
