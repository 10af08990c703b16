using Smxp.Plugins.Dns;
using Smxp.Protocol;

namespace Smxp.Host.Doctor.Checks;

/// <summary>Whether the domain's key records are those of its server's keys (SMXP §7).</summary>
internal sealed class KeyCheck : ICheck
{
    public string Name => "Key";

    public async Task<Finding> RunAsync(Patient patient, CancellationToken cancellationToken)
    {
        var wanted = patient.Records.Keys ?? (patient.Records.Key is { } only ? [only] : []);
        if (wanted.Count == 0) return Finding.Failure("the server has no key for the domain", $"Make one: domain rotate {patient.Domain}");
        string name = KeyRecord.NameFor(patient.Domain);
        var found = (await patient.Names.FindAsync<TextData>(name, DnsRecordType.Txt, cancellationToken))
            .Select(static data => KeyRecord.TryParse(data.Text, out var record) ? record : null).OfType<KeyRecord>().ToArray();
        var missing = wanted.Where(record => !found.Any(key => key.KeyId == record.KeyId && key.Algorithm == record.Algorithm && key.Fingerprint == record.Fingerprint)).ToArray();
        string[] remedies = [.. missing.Select(static record => Zone.Line(record.Name, record.Type, record.Value))];
        if (missing.Length == 0) return Finding.Ok($"{name} has the records of all {wanted.Count} keys");
        return Finding.Failure(found.Length == 0 ? $"there is no key record at {name}" : $"{missing.Length} of {wanted.Count} key records are missing or wrong; old ones may stay until mail signed with them has arrived", remedies);
    }
}
