namespace Smxp.Host.Doctor.Checks;

/// <summary>Whether the domain says what to do with mail that is not its own (RFC 7489).</summary>
internal sealed class DmarcCheck : ICheck
{
    private static readonly string[] Policies = ["none", "quarantine", "reject"];

    public string Name => "DMARC";

    public async Task<Finding> RunAsync(Patient patient, CancellationToken cancellationToken)
    {
        if (patient.For("dmarc") is not [var wanted, ..]) return Finding.Skipped("no bridge sends mail");
        var found = await patient.Names.TextsAsync(wanted.Name, "v=DMARC1", cancellationToken);
        if (found.Count == 0) return Finding.Failure($"there is no DMARC record at {wanted.Name}; large providers refuse mail without one", wanted.ToZone());
        if (found.Count > 1) return Finding.Failure($"there are {found.Count} DMARC records, so none counts (RFC 7489 §6.6.3)", $"Leave one: {wanted.ToZone()}");
        string? policy = found[0].Split(';').Select(static tag => tag.Split('=', 2)).Where(static tag => tag.Length == 2 && tag[0].Trim() == "p").Select(static tag => tag[1].Trim().ToLowerInvariant()).FirstOrDefault();
        if (policy is null || !Policies.Contains(policy)) return Finding.Failure($"'{found[0]}' has no policy", wanted.ToZone());
        return policy == "none" ? Finding.Warning("the policy is none: forged mail is only reported", $"Once all mail passes: {wanted.ToZone()}") : Finding.Ok(found[0]);
    }
}
