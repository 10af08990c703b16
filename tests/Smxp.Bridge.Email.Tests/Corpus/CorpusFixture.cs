using Smxp.Bridge.Email.Tests.EndToEnd;
using Smxp.Bridge.Email.Tests.Mapping;
using Smxp.Client;
using Smxp.Client.Mail;
using Smxp.Testing;

namespace Smxp.Bridge.Email.Tests.Corpus;

/// <summary>The real host takes the whole corpus over SMTP, each file into an inbox of its own, and everything is asked for again and forwarded to an email address.</summary>
public sealed class CorpusFixture : IAsyncLifetime
{
    private readonly List<Arrival> _arrivals = [];

    /// <summary>In the order of the files' names; none where there is no corpus.</summary>
    internal IReadOnlyList<Arrival> Arrivals => _arrivals;

    public async Task InitializeAsync()
    {
        if (!Directory.Exists(SharedMailAttribute.Folder)) return;
        await using var outside = new OutsideServer();
        int port = FreePort.Next();
        await using var server = await TestServer.StartAsync(settings => settings
            .With("Smxp:Bridge:Email:Enabled", "true")
            .With("Smxp:Bridge:Email:CutTrailingQuotes", "false")
            .With("Smxp:Bridge:Email:Smtp:Listen:0", $"127.0.0.1:{port}")
            .With("Smxp:Bridge:Email:Outbound:SmartHost", $"smtp://127.0.0.1:{outside.Port}")
            .With("Smxp:Federation:FirstAttemptMilliseconds", "20000"));
        var files = CorpusMail.ReadAll();
        for (int i = 0; i < files.Count; i++)
        {
            string address = $"box{i}@example.test";
            string token = await server.AddInboxAsync(address);
            using var http = server.NewClient(token);
            using var owner = new SmxpClient(server.BaseAddress) { Token = token };
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (var mail in files[i])
            {
                string reply = await RawSmtp.DeliverAsync(port, mail.Bytes, address);
                Assert.True(reply.StartsWith("250", StringComparison.Ordinal), $"{mail.Title}: {reply}");
                string id = await NewRowAsync(owner, seen, mail);
                var row = await owner.Mail.GetMessageAsync(id, null, CancellationToken.None);
                byte[] original = await http.GetByteArrayAsync($"/.smxp/bridge/email/messages/{id}/original");
                await owner.Mail.ForwardAsync(id, ["bob@mail.test"], $"Fwd: {mail.Title}", null, null, CancellationToken.None);
                _arrivals.Add(new Arrival(mail, row, original, await FetchAsync(owner, row), (await outside.NextAsync()).Bytes));
            }
        }
    }

    public Task DisposeAsync() => Task.CompletedTask;

    private static async Task<string> NewRowAsync(SmxpClient owner, HashSet<string> seen, CorpusMail mail)
    {
        var found = new List<string>();
        await foreach (var row in owner.Mail.EnumerateInboxAsync(null, CancellationToken.None))
        {
            if (seen.Add(row.Id)) found.Add(row.Id);
        }

        Assert.True(found.Count == 1, $"{mail.Title} became {found.Count} messages");
        return found[0];
    }

    private static async Task<IReadOnlyList<ArrivedFile>> FetchAsync(SmxpClient owner, MessageRow row)
    {
        var files = new List<ArrivedFile>();
        foreach (var attachment in row.Attachments)
        {
            using var content = new MemoryStream();
            await owner.Blobs.DownloadAsync(attachment, content, null, CancellationToken.None);
            files.Add(new ArrivedFile(attachment.Name, content.ToArray()));
        }

        return files;
    }
}
