using System.Buffers.Text;
using System.Net;
using System.Text.Json;
using Smxp.Plugins.Dns;
using Smxp.Protocol;

namespace Smxp.Host.Federation;

/// <summary>Fetches a key from its domain's server and holds it against the domain's key records in DNS, unless the operator pinned the server (SMXP §5, §7).</summary>
internal sealed class KeyFetcher(IPeerEndpoints peers, IDnsResolver dns, FetchBudget budget)
{
    private const int LongestAnswer = 64 * 1024;

    public async Task<FetchedKey> FetchAsync(string domain, string keyId, CancellationToken cancellationToken)
    {
        PeerEndpoints found = await peers.FindAsync(domain, cancellationToken);
        if (found.Status == PeerStatus.Unknown) return FetchedKey.Temporary(found.Detail);
        if (found.Status == PeerStatus.None) return FetchedKey.Refused($"{domain} has no SMXP server ({found.Detail})");

        KeyRecord? record = null;
        if (!found.Pinned)
        {
            // DNS first: it is cached, so a key id that somebody made up is refused without asking the domain's server at all.
            (record, FetchedKey? failure) = await FindRecordAsync(domain, keyId, cancellationToken);
            if (failure is not null) return failure;
        }
        if (!budget.TryTake(domain)) return FetchedKey.Temporary($"{domain} was asked for too many keys lately");
        return await RequestAsync(domain, keyId, record, cancellationToken);
    }

    private async Task<(KeyRecord? Record, FetchedKey? Failure)> FindRecordAsync(string domain, string keyId, CancellationToken cancellationToken)
    {
        string name = KeyRecord.NameFor(domain);
        DnsAnswer? answer = await dns.ResolveAsync(new DnsQuestion(name, DnsRecordType.Txt), cancellationToken);
        if (answer is null) return (null, FetchedKey.Temporary($"TXT {name}: no configured resolver answers"));
        if (answer.Status == DnsStatus.Failed) return (null, FetchedKey.Temporary($"TXT {name}: {answer.Error ?? "the look-up failed"}"));
        // SMXP §7: several records stand beside each other while keys change; the one with this id counts.
        foreach (TextData text in answer.Records.OfType<TextData>())
        {
            if (KeyRecord.TryParse(text.Text, out KeyRecord? record) && record.KeyId == keyId) return (record, null);
        }
        return (null, FetchedKey.Refused($"TXT {name} names no key {keyId}"));
    }

    private async Task<FetchedKey> RequestAsync(string domain, string keyId, KeyRecord? record, CancellationToken cancellationToken)
    {
        try
        {
            string path = $"/.smxp/server-key/{Uri.EscapeDataString(domain)}?kid={Uri.EscapeDataString(keyId)}";
            using HttpResponseMessage response = await peers.SendAsync(domain, () => new HttpRequestMessage(HttpMethod.Get, (Uri?)null), path, cancellationToken);
            if (response.StatusCode == HttpStatusCode.NotFound) return FetchedKey.Refused($"the server of {domain} has no key {keyId}");
            if (response.StatusCode != HttpStatusCode.OK) return FetchedKey.Temporary($"the server of {domain} answered {(int)response.StatusCode} when asked for its key");
            byte[]? body = await BoundedContent.ReadAsync(response.Content, LongestAnswer, cancellationToken);
            return body is null ? FetchedKey.Refused($"the server of {domain} answered with too long a key") : Check(domain, keyId, record, body);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return FetchedKey.Temporary($"the server of {domain} could not be asked for its key: {exception.Message}");
        }
    }

    private static FetchedKey Check(string domain, string keyId, KeyRecord? record, byte[] body)
    {
        ServerKeyBody? key;
        try
        {
            key = JsonSerializer.Deserialize(body, FederationJson.Default.ServerKeyBody);
        }
        catch (JsonException)
        {
            key = null;
        }
        if (key is not { PublicKey: not null, KeyId: not null, Algorithm: not null } || !Base64Url.IsValid(key.PublicKey))
            return FetchedKey.Refused($"the server of {domain} answered with something that is not a key");
        if (key.KeyId != keyId) return FetchedKey.Refused($"the server of {domain} has another key than {keyId}");
        byte[] bytes = Base64Url.DecodeFromChars(key.PublicKey);
        if (record is not null && (record.Algorithm != key.Algorithm || record.Fingerprint != Fingerprint.Of(bytes)))
            return FetchedKey.Refused($"the key {keyId} of {domain} is not the one its DNS record names");
        return new FetchedKey(key.Algorithm, bytes, key.Ttl);
    }
}

/// <summary>What a fetch came to.</summary>
internal sealed record FetchedKey(string Algorithm, byte[] Bytes, long? TimeToLive, PeerKeyAnswer? Failure = null)
{
    public static FetchedKey Refused(string problem) => new("", [], null, PeerKeyAnswer.Refused(problem));

    public static FetchedKey Temporary(string problem) => new("", [], null, PeerKeyAnswer.Temporary(problem));
}
