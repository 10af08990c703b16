using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Smxp.Testing;

namespace Smxp.Host.Tests.Faults;

/// <summary>The real process under mail that is far larger than the memory it may take for it.</summary>
public sealed class MemoryTests
{
    private const int Mails = 50;
    private const int MailMegabytes = 10;
    private const int MaxGrowthMegabytes = 150;

    [LinuxFact]
    public async Task Fifty_mails_of_ten_megabytes_at_a_time_cost_a_bounded_part_of_their_size()
    {
        using var data = new TemporaryDirectory();
        int port = FreePort.Next();
        await using var server = await TestServerProcess.StartAsync(new TestServerSettings { DataDirectory = data.Path }
            .With("Smxp:Bridge:Email:Enabled", "true")
            .With("Smxp:Bridge:Email:Smtp:Listen:0", $"127.0.0.1:{port}"));
        using var alice = await server.SignInNewAsync();
        // One mail to load what is loaded once.
        Assert.StartsWith("250", await ProcessMail.MailAsync(port, 1, kilobytes: 2048), StringComparison.Ordinal);

        long before = Megabytes(server.Id, "VmRSS");
        await File.WriteAllTextAsync($"/proc/{server.Id}/clear_refs", "5"); // the peak counts from here
        byte[] attachment = Attachment();
        string[] replies = await Task.WhenAll(Enumerable.Range(0, Mails).Select(number => Task.Run(() => DeliverAsync(port, number, attachment))));
        long growth = Megabytes(server.Id, "VmHWM") - before;

        Assert.All(replies, static reply => Assert.StartsWith("250", reply, StringComparison.Ordinal));
        Assert.True(growth < MaxGrowthMegabytes, $"{Mails} mails of {MailMegabytes} MiB took {growth} MiB beside the {before} MiB of before.");
        var page = await alice.GetFromJsonAsync<JsonElement>("/.smxp/mail/inbox?limit=100");
        Assert.Equal(Mails + 1, page.GetProperty("messages").GetArrayLength());
    }

    private static long Megabytes(int process, string field) =>
        long.Parse(File.ReadLines($"/proc/{process}/status").Single(line => line.StartsWith($"{field}:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[^2], CultureInfo.InvariantCulture) / 1024;

    // Base64 of random bytes: neither compresses.
    private static byte[] Attachment()
    {
        var bytes = new byte[MailMegabytes * 1024 * 1024 / 78 * 57];
        new Random(7).NextBytes(bytes);
        return Encoding.ASCII.GetBytes(Convert.ToBase64String(bytes, Base64FormattingOptions.InsertLineBreaks));
    }

    private static async Task<string> DeliverAsync(int port, int number, byte[] attachment)
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync(IPAddress.Loopback, port);
        await using var stream = connection.GetStream();
        using var reader = new StreamReader(stream);
        await reader.ReadLineAsync();
        await stream.WriteAsync("EHLO mail.example\r\n"u8.ToArray());
        await ReadToAsync(reader, "250 ");
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"MAIL FROM:<bob@mail.example>\r\nRCPT TO:<{ProcessMail.Alice}>\r\nDATA\r\n"));
        string line = await ReadToAsync(reader, "354");
        if (line[0] != '3') return line;
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"From: bob@mail.example\r\nMessage-ID: <large-{number}@mail.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nSee the file.\r\n--b\r\n"
            + "Content-Type: application/octet-stream; name=large.bin\r\nContent-Disposition: attachment; filename=large.bin\r\nContent-Transfer-Encoding: base64\r\n\r\n"));
        await stream.WriteAsync(attachment);
        await stream.WriteAsync("\r\n--b--\r\n.\r\n"u8.ToArray());
        return await reader.ReadLineAsync() ?? "421 closed";
    }

    /// <summary>Reads to a reply, or to one that is no agreement.</summary>
    private static async Task<string> ReadToAsync(StreamReader reader, string reply)
    {
        string line;
        do line = await reader.ReadLineAsync() ?? "421 closed";
        while (!line.StartsWith(reply, StringComparison.Ordinal) && line[0] == '2');
        return line;
    }
}

/// <summary>A fact that reads /proc; skipped, by name, elsewhere.</summary>
internal sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute() => Skip = OperatingSystem.IsLinux() ? null : "needs Linux, to read a process's memory from /proc";
}
