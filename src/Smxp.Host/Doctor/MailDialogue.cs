using System.Text;

namespace Smxp.Host.Doctor;

/// <summary>A conversation with a mail server, a line at a time (RFC 5321 §3).</summary>
internal sealed class MailDialogue(System.IO.Stream stream) : IAsyncDisposable
{
    private const int LongestLine = 512;
    private const int MostLines = 100;

    /// <summary>Connects to a mail server.</summary>
    /// <exception cref="HttpRequestException">There is no address, or none answers.</exception>
    public static async Task<MailDialogue> OpenAsync(Patient patient, string exchange, CancellationToken cancellationToken) =>
        new(await Connections.OpenAsync(patient.Names, exchange, patient.SmtpPort, cancellationToken));

    /// <summary>Says a line and reads the reply.</summary>
    public async Task<string> AskAsync(string command, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{command}\r\n"), cancellationToken);
        return await ReadReplyAsync(cancellationToken);
    }

    /// <summary>Reads a reply; of several lines the last.</summary>
    public async Task<string> ReadReplyAsync(CancellationToken cancellationToken)
    {
        string line = "";
        for (int lines = 0; lines < MostLines; lines++)
        {
            line = await ReadLineAsync(cancellationToken);
            if (line is not [_, _, _, '-', ..]) break;
        }

        return line;
    }

    public ValueTask DisposeAsync() => stream.DisposeAsync();

    private async Task<string> ReadLineAsync(CancellationToken cancellationToken)
    {
        var line = new List<byte>();
        byte[] one = new byte[1];
        while (line.Count < LongestLine && await stream.ReadAsync(one, cancellationToken) == 1 && one[0] != '\n') line.Add(one[0]);
        // A stranger wrote it, and it goes to a terminal.
        return new string([.. Encoding.ASCII.GetString([.. line]).Where(static c => !char.IsControl(c))]);
    }
}
