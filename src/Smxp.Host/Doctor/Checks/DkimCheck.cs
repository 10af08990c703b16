namespace Smxp.Host.Doctor.Checks;

/// <summary>Whether the keys the bridge signs mail with are published (RFC 6376 §3.6).</summary>
internal sealed class DkimCheck : ICheck
{
    public string Name => "DKIM";

    public async Task<Finding> RunAsync(Patient patient, CancellationToken cancellationToken)
    {
        var wanted = patient.For("dkim");
        if (wanted.Count == 0) return Finding.Skipped("no bridge has a DKIM key for the domain");
        var wrong = await MissingAsync(wanted, patient.Names, cancellationToken);
        if (wrong.Count > 0) return Finding.Failure($"{wrong.Count} of {wanted.Count} keys are not published: mail signed with them does not verify", [.. wrong.Select(static record => record.ToZone())]);
        var waiting = await MissingAsync(patient.For("dkim-next"), patient.Names, cancellationToken);
        return waiting.Count == 0
            ? Finding.Ok($"{string.Join(", ", wanted.Select(static record => record.Name.Split('.')[0]))} published")
            : Finding.Warning($"{waiting.Count} new keys are not published: until they are, the old ones sign", [.. waiting.Select(static record => record.ToZone())]);
    }

    private static async Task<List<WantedRecord>> MissingAsync(IReadOnlyList<WantedRecord> wanted, Names names, CancellationToken cancellationToken)
    {
        var missing = new List<WantedRecord>();
        foreach (var record in wanted)
        {
            var found = await names.TextsAsync(record.Name, "", cancellationToken);
            if (!found.Any(text => KeyOf(text) is { Length: > 0 } key && key == KeyOf(record.Value))) missing.Add(record);
        }

        return missing;
    }

    // RFC 6376 §3.2: white space inside a key means nothing.
    private static string? KeyOf(string record) =>
        record.Split(';').Select(static tag => tag.Split('=', 2)).Where(static tag => tag.Length == 2 && tag[0].Trim() == "p").Select(static tag => string.Concat(tag[1].Where(static c => !char.IsWhiteSpace(c)))).FirstOrDefault();
}
