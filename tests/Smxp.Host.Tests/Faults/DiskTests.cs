using System.Net;
using Smxp.Testing;

namespace Smxp.Host.Tests.Faults;

/// <summary>The real process on a disk that fills up, or cannot be written: it refuses, says so, loses nothing, and goes on when there is room again.</summary>
public sealed class DiskTests
{
    [SmallDiskFact]
    public async Task A_full_disk_refuses_with_503_and_loses_nothing_acknowledged()
    {
        using var disk = new SmallDisk(megabytes: 32);
        var settings = new TestServerSettings { DataDirectory = disk.Path };
        await using var server = await TestServerProcess.StartAsync(settings);
        using var alice = await server.SignInNewAsync();

        disk.Fill(leaveKilobytes: 2048);
        var acknowledged = new List<string>();
        HttpStatusCode refusal = default;
        for (int i = 0; i < 400 && refusal == default; i++)
        {
            using var answer = await alice.SendAsync(i);
            if (answer.StatusCode == HttpStatusCode.Created) acknowledged.Add(await answer.IdAsync());
            else refusal = answer.StatusCode;
        }

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refusal);
        Assert.NotEmpty(acknowledged);

        disk.Empty();
        await Eventually.TrueAsync(async () =>
        {
            using var answer = await alice.SendAsync(1000);
            if (answer.StatusCode != HttpStatusCode.Created) return false;
            acknowledged.Add(await answer.IdAsync());
            return true;
        });
        foreach (string id in acknowledged)
        {
            using var found = await alice.GetAsync($"/.smxp/mail/messages/{id}");
            Assert.Equal(HttpStatusCode.OK, found.StatusCode);
        }
    }

    [SmallDiskFact]
    public async Task A_full_disk_answers_SMTP_with_a_temporary_error_and_takes_the_mail_later()
    {
        using var disk = new SmallDisk(megabytes: 32);
        int port = FreePort.Next();
        var settings = new TestServerSettings { DataDirectory = disk.Path }
            .With("Smxp:Bridge:Email:Enabled", "true")
            // A small disk has less room than mail is put off for.
            .With("Smxp:Bridge:Email:Smtp:MinFreeBytes", "0")
            .With("Smxp:Bridge:Email:Smtp:Listen:0", $"127.0.0.1:{port}");
        await using var server = await TestServerProcess.StartAsync(settings);
        using var alice = await server.SignInNewAsync();

        disk.Fill(leaveKilobytes: 0);
        string refusal = "250";
        for (int i = 0; i < 50 && refusal.StartsWith("250", StringComparison.Ordinal); i++) refusal = await ProcessMail.MailAsync(port, i);
        Assert.Matches("^(451|452) ", refusal);

        disk.Empty();
        await Eventually.TrueAsync(async () => (await ProcessMail.MailAsync(port, 1000)).StartsWith("250", StringComparison.Ordinal));
    }

    [SmallDiskFact]
    public async Task A_disk_that_cannot_be_written_keeps_it_from_starting_with_a_clear_message()
    {
        using var disk = new SmallDisk(megabytes: 1);
        disk.MakeReadOnly();
        var (exitCode, _, error) = await TestServerProcess.RunAsync("serve", "--Smxp:DataDirectory", disk.Path, "--Smxp:Plugins:Directory", HostFiles.Plugins, "--urls", $"http://127.0.0.1:{FreePort.Next()}");
        Assert.Equal(2, exitCode);
        Assert.Contains("Smxp:", error, StringComparison.Ordinal);
        Assert.Contains("ead-only", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }
}
