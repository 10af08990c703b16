using Smxp.Plugins.Dns;

namespace Smxp.Bridge.Email.Outbound.Dane;

/// <summary>Asks for a mail server's TLSA records (RFC 7672 §2.2). They count only where the resolver vouches for them.</summary>
internal sealed class DaneLookup(IDnsResolver dns)
{
    /// <summary>Finds the records of a server whose MX and addresses were vouched for.</summary>
    public async ValueTask<DaneAnswer> FindAsync(string server, int port, CancellationToken cancellationToken)
    {
        var answer = await dns.ResolveAsync(new DnsQuestion($"_{port}._tcp.{server}", DnsRecordType.Tlsa), cancellationToken);
        // RFC 7672 §2.1.1: somebody who can suppress the answer must not gain by it, so this server has to wait.
        if (answer is null || answer.Status == DnsStatus.Failed) return new DaneAnswer(DaneKind.Failed, [], answer?.Error);
        if (answer.Status != DnsStatus.Found || !answer.Authenticated) return new DaneAnswer(DaneKind.None, []);
        return new DaneAnswer(DaneKind.Found, [.. answer.Records.OfType<TlsaData>().Where(DaneMatch.IsUsable)]);
    }
}

/// <summary>What was found.</summary>
/// <param name="Kind">The verdict.</param>
/// <param name="Usable">The records that can be used; may be none although there are records.</param>
/// <param name="Error">Why it failed.</param>
internal sealed record DaneAnswer(DaneKind Kind, IReadOnlyList<TlsaData> Usable, string? Error = null);

/// <summary>The verdict on a server's TLSA records.</summary>
internal enum DaneKind
{
    /// <summary>There are none that anybody vouches for.</summary>
    None,

    /// <summary>There are some.</summary>
    Found,

    /// <summary>It could not be found out.</summary>
    Failed,
}
