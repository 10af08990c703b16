using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using MimeKit;
using Smxp.Bridge.Email.Tests.Mapping;
using Smxp.Testing;

namespace Smxp.Bridge.Email.Tests.EndToEnd;

/// <summary>Mail that was written by many programs, good and bad, comes in over SMTP; what is kept of it is what came.</summary>
public sealed class MailCorpusTests : IAsyncLifetime
{
    private readonly int _port = FreePort.Next();
    private TestServer _server = null!;

    public async Task InitializeAsync() => _server = await TestServer.StartAsync(settings => settings
        .With("Smxp:Bridge:Email:Enabled", "true")
        .With("Smxp:Bridge:Email:Smtp:Listen:0", $"127.0.0.1:{_port}"));

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [SharedMail]
    public async Task Every_mail_of_the_mail_boxes_comes_in_and_its_original_comes_back_unchanged()
    {
        string[] files = [.. Directory.EnumerateFiles(SharedMailAttribute.Folder, "*.mbox").Order(StringComparer.Ordinal)];
        Assert.NotEmpty(files);
        for (int i = 0; i < files.Length; i++)
        {
            using var reader = await _server.SignInNewAsync($"box{i}@example.test");
            var sent = new HashSet<string>(StringComparer.Ordinal);
            foreach (byte[] mail in Split(files[i]))
            {
                string reply = await RawSmtp.DeliverAsync(_port, mail, $"box{i}@example.test");
                Assert.True(reply.StartsWith("250", StringComparison.Ordinal), $"{Path.GetFileName(files[i])}, mail {sent.Count + 1}: {reply}");
                sent.Add(Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(mail)));
            }

            Assert.NotEmpty(sent);
            Assert.Equal(sent.Order(StringComparer.Ordinal), (await OriginalsAsync(reader)).Order(StringComparer.Ordinal));
        }
    }

    // As an importer would: each mail from the end of its "From " line, its lines ended as SMTP ends them.
    private static IEnumerable<byte[]> Split(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        var ranges = new List<Range>();
        using var stream = new MemoryStream(file);
        var parser = new MimeParser(stream, MimeFormat.Mbox);
        parser.MimeMessageEnd += (_, e) =>
        {
            if (e.Parent is null) ranges.Add((int)e.BeginOffset..(int)e.EndOffset);
        };
        while (!parser.IsEndOfStream) parser.ParseMessage().Dispose();
        foreach (var range in ranges)
        {
            string text = Encoding.Latin1.GetString(file[range]).ReplaceLineEndings("\r\n");
            yield return Encoding.Latin1.GetBytes(text.EndsWith("\r\n", StringComparison.Ordinal) ? text : $"{text}\r\n");
        }
    }

    private static async Task<List<string>> OriginalsAsync(HttpClient reader)
    {
        var hashes = new List<string>();
        for (string? after = null; ;)
        {
            var page = (await reader.GetFromJsonAsync<JsonObject>($"/.smxp/mail/inbox?limit=100{(after is null ? "" : $"&after={after}")}"))!;
            foreach (var row in page["messages"]!.AsArray())
                hashes.Add(Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(await reader.GetByteArrayAsync($"/.smxp/bridge/email/messages/{(string?)row!["id"]}/original"))));
            if ((bool?)page["cursors"]!["has_more"] is not true) return hashes;
            after = (string?)page["cursors"]!["next"];
        }
    }
}
