using System.Net.Sockets;
using Smxp.Client;
using Smxp.Host.Doctor.Checks;

namespace Smxp.Host.Doctor;

/// <summary>Looks at a domain from outside in: every check at once, each within its time. The checks stand in the order of the report.</summary>
internal sealed class Examination(IReadOnlyList<ICheck> checks, TimeSpan patience)
{
    /// <summary>All there are.</summary>
    public static IReadOnlyList<ICheck> All { get; } =
    [
        new ServiceCheck(), new KeyCheck(), new PortCheck(), new CertificateCheck(), new ExchangeCheck(), new BannerCheck(), new PostmasterCheck(), new ReverseCheck(), new SpfCheck(), new DkimCheck(), new DmarcCheck(),
        new StrictTransportCheck(), new TlsReportCheck(), new ClockCheck(), new QueueCheck(),
    ];

    public async Task<IReadOnlyList<Diagnosis>> RunAsync(Patient patient, CancellationToken cancellationToken) =>
        await Task.WhenAll(checks.Select(async check =>
        {
            var finding = await RunAsync(check, patient, cancellationToken);
            return new Diagnosis(patient.Domain, check.Name, finding.Verdict, finding.Detail, finding.Remedies);
        }));

    private async Task<Finding> RunAsync(ICheck check, Patient patient, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(patience);
        try
        {
            return await check.RunAsync(patient, deadline.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Finding.Failure($"no answer within {patience.TotalSeconds:0} s", "Look for a firewall that drops packets, or a server that hangs.");
        }
        catch (UnansweredException e)
        {
            return Finding.Warning($"DNS did not answer: {e.Message}", "Ask again; where it stays so, look at the domain's name servers.");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException or SmxpException)
        {
            return Finding.Warning($"could not be found out: {e.Message}");
        }
    }
}
