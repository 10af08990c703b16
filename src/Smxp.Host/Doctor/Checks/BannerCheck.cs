namespace Smxp.Host.Doctor.Checks;

/// <summary>Whether the world reaches the mail port, and a mail server answers there (RFC 5321 §3.1).</summary>
internal sealed class BannerCheck : ICheck
{
    public string Name => "SMTP";

    public async Task<Finding> RunAsync(Patient patient, CancellationToken cancellationToken)
    {
        if (patient.Exchangers is not { Count: > 0 } exchangers) return Finding.Skipped("no bridge takes mail");
        var banners = new List<string>();
        foreach (string exchange in exchangers)
        {
            try
            {
                await using var server = await MailDialogue.OpenAsync(patient, exchange, cancellationToken);
                string banner = await server.ReadReplyAsync(cancellationToken);
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
}
