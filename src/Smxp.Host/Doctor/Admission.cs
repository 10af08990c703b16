using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Smxp.Client;
using Smxp.Client.Admin;

namespace Smxp.Host.Doctor;

/// <summary>Asks the server and its bridges what should be there.</summary>
internal static class Admission
{
    private static readonly JsonSerializerOptions SnakeCase = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static async Task<Patient> AdmitAsync(SmxpClient server, DomainInfo domain, Names names, X509Certificate2Collection? authorities, CancellationToken cancellationToken)
    {
        var wanted = new List<WantedRecord>();
        foreach (string bridge in await server.Admin.Bridges.ListAsync(cancellationToken)) wanted.AddRange(await AskAsync(server, bridge, domain.Domain, cancellationToken));
        return new Patient { Domain = domain.Domain, Records = domain.Dns, Wanted = wanted, Names = names, Server = server, Authorities = authorities };
    }

    /// <summary>What a bridge wants of the domain; one that knows nothing of DNS wants nothing.</summary>
    private static async Task<IReadOnlyList<WantedRecord>> AskAsync(SmxpClient server, string bridge, string domain, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await server.Admin.Bridges.AskAsync(bridge, HttpMethod.Get, $"dns/{domain}", null, cancellationToken);
            return answer.Deserialize<BridgeRecords>(SnakeCase)?.Records ?? [];
        }
        catch (SmxpException e) when (e.StatusCode == System.Net.HttpStatusCode.NotFound)
        {
            return [];
        }
    }

    private sealed record BridgeRecords(IReadOnlyList<WantedRecord>? Records);
}
