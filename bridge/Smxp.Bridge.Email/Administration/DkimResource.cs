using Smxp.Bridge.Email.Outbound.Dkim;
using Smxp.Mail.Authentication.Dkim;
using Smxp.Plugins.Bridge;

namespace Smxp.Bridge.Email.Administration;

/// <summary>
/// <c>dkim/{domain}</c>, for the administrator: <c>GET</c> shows the keys with the records to publish (made where there are none), <c>POST …/rotate</c> makes new ones,
/// <c>DELETE …/{name}</c> forgets old ones. Secrets are never told.
/// </summary>
internal sealed class DkimResource(SigningKeys keys) : IResource
{
    private const string NotHere = "no such domain here";

    public async ValueTask<BridgeAnswer?> TryAnswerAsync(BridgeCall call, CancellationToken cancellationToken) => !call.IsAdmin ? null : (call.Method, call.Segments) switch
    {
        ("GET", ["dkim", var domain]) => await ShowAsync(domain.ToLowerInvariant(), cancellationToken),
        ("POST", ["dkim", var domain, "rotate"]) => await RotateAsync(domain.ToLowerInvariant(), cancellationToken),
        ("DELETE", ["dkim", var domain, var name]) => await RetireAsync(domain.ToLowerInvariant(), name, cancellationToken),
        _ => null,
    };

    private async Task<BridgeAnswer> ShowAsync(string domain, CancellationToken cancellationToken)
    {
        if (await keys.ListAsync(domain, cancellationToken) is not { } generations) return BridgeAnswer.NotFound(NotHere);
        string? signing = (await keys.FindAsync(domain, cancellationToken))?.Name;
        var shown = new List<object>(generations.Count);
        string state = "old";
        foreach (var generation in generations)
        {
            // Before the ones that sign are old ones, behind them those whose records are not published yet.
            state = generation.Name == signing ? "signing" : state == "old" ? "old" : "waiting";
            var records = new List<object>(generation.Keys.Count);
            foreach (var key in generation.Keys) records.Add(await RecordAsync(domain, key, cancellationToken));
            shown.Add(new { generation.Name, generation.CreatedAt, State = state, Records = records });
        }

        return BridgeAnswer.Found(new { Domain = domain, Keys = shown });
    }

    private async Task<object> RecordAsync(string domain, DkimSigningKey key, CancellationToken cancellationToken) => new
    {
        key.Selector,
        Algorithm = key.Key.Algorithm == DkimAlgorithm.RsaSha256 ? "rsa-sha256" : "ed25519-sha256",
        Name = SigningKeys.RecordName(domain, key),
        Type = "TXT",
        Value = key.Key.DnsRecord,
        Strings = key.Key.DnsStrings,
        Published = await keys.IsPublishedAsync(domain, key, cancellationToken),
    };

    private async Task<BridgeAnswer> RotateAsync(string domain, CancellationToken cancellationToken) =>
        await keys.RotateAsync(domain, cancellationToken) ? await ShowAsync(domain, cancellationToken) : BridgeAnswer.NotFound(NotHere);

    private async Task<BridgeAnswer> RetireAsync(string domain, string name, CancellationToken cancellationToken)
    {
        if ((await keys.FindAsync(domain, cancellationToken))?.Name == name) return BridgeAnswer.Conflict("these keys sign; rotate, publish the new records, and come back");
        return await keys.RetireAsync(domain, name, cancellationToken) ? await ShowAsync(domain, cancellationToken) : BridgeAnswer.NotFound("no such keys");
    }
}
