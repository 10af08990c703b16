namespace Smxp.Host.Doctor.Checks;

/// <summary>Whether others are told to insist on TLS, and whether the policy says the same as DNS (RFC 8461).</summary>
internal sealed class StrictTransportCheck : ICheck
{
    private const int LargestPolicy = 64 * 1024;

    public string Name => "MTA-STS";

    public async Task<Finding> RunAsync(Patient patient, CancellationToken cancellationToken)
    {
        if (patient.For("mta-sts") is not [var wanted, ..]) return Finding.Skipped("no bridge takes mail");
        string host = $"mta-sts.{patient.Domain}";
        string[] remedies =
        [
            wanted.ToZone(),
            $"Serve at https://{host}/.well-known/mta-sts.txt, as text/plain: version: STSv1 | mode: testing | {string.Join(" | ", patient.Exchangers.Select(static name => $"mx: {name}"))} | max_age: 604800 (each on a line)",
        ];
        var found = await patient.Names.TextsAsync(wanted.Name, "v=STSv1", cancellationToken);
        if (found.Count == 0) return Finding.Warning($"there is no record at {wanted.Name}: TLS of incoming mail can be stripped", remedies);
        if (found.Count > 1) return Finding.Failure($"there are {found.Count} records at {wanted.Name}, so none counts (RFC 8461 §3.1)", remedies);
        try
        {
            return Judge(await FetchAsync(host, patient.Names, cancellationToken), patient.Exchangers, remedies);
        }
        catch (HttpRequestException e)
        {
            return Finding.Failure($"the record is there, but the policy is not: {e.Message}", remedies[1]);
        }
    }

    /// <summary>What a policy is worth. Pure.</summary>
    internal static Finding Judge(string policy, IReadOnlyList<string> exchangers, params string[] remedies)
    {
        var members = policy.Split('\n').Select(static line => line.Split(':', 2)).Where(static pair => pair.Length == 2).ToLookup(static pair => pair[0].Trim(), static pair => pair[1].Trim(), StringComparer.Ordinal);
        if (members["version"].FirstOrDefault() != "STSv1") return Finding.Failure("the policy is not of version STSv1", remedies);
        string? mode = members["mode"].FirstOrDefault();
        if (mode is not ("enforce" or "testing" or "none")) return Finding.Failure("the policy has no mode", remedies);
        string[] missing = [.. exchangers.Where(exchange => !members["mx"].Any(pattern => Matches(pattern, exchange)))];
        if (missing.Length > 0 && mode != "none") return Finding.Failure($"the policy does not name {string.Join(", ", missing)}: strict senders will not deliver there", remedies);
        return mode == "enforce" ? Finding.Ok("the policy is enforced") : Finding.Warning($"the policy's mode is {mode}", "Once reports show no failures: mode: enforce, and a new id in the record.");
    }

    // RFC 8461 §4.1: a wildcard stands for one label, the leftmost.
    private static bool Matches(string pattern, string exchange) =>
        pattern.StartsWith("*.", StringComparison.Ordinal)
            ? exchange.Contains('.', StringComparison.Ordinal) && exchange[exchange.IndexOf('.', StringComparison.Ordinal)..].Equals(pattern[1..], StringComparison.OrdinalIgnoreCase)
            : pattern.TrimEnd('.').Equals(exchange, StringComparison.OrdinalIgnoreCase);

    private static async Task<string> FetchAsync(string host, Names names, CancellationToken cancellationToken)
    {
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, ConnectCallback = (context, cancel) => Connections.OpenAsync(names, context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancel) };
        using var http = new HttpClient(handler) { MaxResponseContentBufferSize = LargestPolicy };
        return await http.GetStringAsync(new Uri($"https://{host}/.well-known/mta-sts.txt"), cancellationToken);
    }
}
