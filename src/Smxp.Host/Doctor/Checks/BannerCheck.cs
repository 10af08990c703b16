using System.Text;

namespace Smxp.Host.Doctor.Checks;

/// <summary>Whether the world reaches the mail port, and a mail server answers there (RFC 5321 §3.1).</summary>
internal sealed class BannerCheck : ICheck
{
    private const int LongestLine = 512;

    public string Name => "SMTP";

    public async Task<Finding> RunAsync(Patient patient, CancellationToken cancellationToken)
    {
        if (patient.Exchangers is not { Count: > 0 } exchangers) return Finding.Skipped("no bridge takes mail");
        var banners = new List<string>();
        foreach (string exchange in exchangers)
        {
            try
            {
                await using var stream = await Connections.OpenAsync(patient.Names, exchange, patient.SmtpPort, cancellationToken);
                string banner = await ReadLineAsync(stream, cancellationToken);
                if (!banner.StartsWith("220", StringComparison.Ordinal)) return Finding.Failure($"{exchange} greets with '{banner}'", "Look at the bridge's log, and at what else listens on that port.");
                banners.Add(banner);
            }
            catch (HttpRequestException e)
            {
                return Finding.Failure($"not reachable: {e.Message}", $"Open port {patient.SmtpPort} from the internet to the address the bridge listens on (Smxp:Bridge:Email:Smtp:Listen).");
            }
        }

        return Finding.Ok(string.Join("; ", banners));
    }

    private static async Task<string> ReadLineAsync(System.IO.Stream stream, CancellationToken cancellationToken)
    {
        var line = new List<byte>();
        byte[] one = new byte[1];
        while (line.Count < LongestLine && await stream.ReadAsync(one, cancellationToken) == 1 && one[0] != '\n') line.Add(one[0]);
        // A stranger wrote it, and it goes to a terminal.
        return new string([.. Encoding.ASCII.GetString([.. line]).Where(static c => !char.IsControl(c))]);
    }
}
