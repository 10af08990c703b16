namespace Smxp.Host.Doctor.Checks;

/// <summary>Whether somebody reads what is written to the postmaster, whom every domain with mail must have (RFC 5321 §4.5.1).</summary>
internal sealed class PostmasterCheck : ICheck
{
    public string Name => "Postmaster";

    public async Task<Finding> RunAsync(Patient patient, CancellationToken cancellationToken)
    {
        if (patient.Exchangers is not [var exchange, ..]) return Finding.Skipped("no bridge takes mail");
        string postmaster = $"postmaster@{patient.Domain}";
        await using var server = await MailDialogue.OpenAsync(patient, exchange, cancellationToken);
        string reply = await server.ReadReplyAsync(cancellationToken);
        foreach (string command in new[] { $"EHLO {exchange}", "MAIL FROM:<>", $"RCPT TO:<{postmaster}>" })
        {
            if (!IsGood(reply)) break;
            reply = await server.AskAsync(command, cancellationToken);
        }

        return IsGood(reply)
            ? Finding.Ok($"{postmaster} is taken")
            : Finding.Warning($"{postmaster} is answered '{reply}'", $"Have somebody read it: route add {postmaster} SOMEBODY@{patient.Domain}");
    }

    private static bool IsGood(string reply) => reply is ['2', ..];
}
