using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Smxp.Bridge.Email.Tests.EndToEnd;

/// <summary>A conversation with an SMTP server, line by line, with nothing made right that a test writes wrong.</summary>
internal sealed class SmtpDialog : IAsyncDisposable
{
    private readonly TcpClient _client = new();
    private NetworkStream _stream = null!;
    private StreamReader _reader = null!;

    private SmtpDialog()
    {
    }

    /// <summary>Connects and reads the greeting.</summary>
    public static async Task<SmtpDialog> OpenAsync(int port)
    {
        var dialog = new SmtpDialog();
        await dialog._client.ConnectAsync(IPAddress.Loopback, port);
        dialog._stream = dialog._client.GetStream();
        dialog._reader = new StreamReader(dialog._stream, Encoding.Latin1);
        await dialog.ReadAsync();
        return dialog;
    }

    /// <summary>Says a line and answers the last line of the reply.</summary>
    public async Task<string> SayAsync(string line)
    {
        await _stream.WriteAsync(Encoding.Latin1.GetBytes($"{line}\r\n"));
        return await ReadAsync();
    }

    /// <summary>Brings a mail, of CRLF lines, and answers the reply to it or the first refusal before.</summary>
    public async Task<string> DeliverAsync(string from, string to, string mail)
    {
        foreach (string line in new[] { "EHLO mail.example", $"MAIL FROM:<{from}>", $"RCPT TO:<{to}>", "DATA" })
        {
            string reply = await SayAsync(line);
            if (reply[0] is '4' or '5') return reply;
        }

        return await SayAsync($"{mail}.");
    }

    public ValueTask DisposeAsync()
    {
        _reader.Dispose();
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<string> ReadAsync()
    {
        string line;
        do line = await _reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30)) ?? "421 closed";
        while (line.Length > 3 && line[3] == '-');
        return line;
    }
}
