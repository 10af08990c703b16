using System.Net;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Time.Testing;
using MimeKit;
using Smxp.Client;
using Smxp.Client.Blobs;
using Smxp.Client.Mail;

namespace Smxp.Bridge.Email.Tests.EndToEnd;

/// <summary>Files too large for a mail: they are fetched by a link, by whoever has it, for as long as it lasts.</summary>
public sealed partial class LargeFileTests
{
    [Fact]
    public async Task The_largest_go_as_links_that_give_the_file_and_expire()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var world = await MailWorld.StartAsync(settings =>
        {
            settings.Time = clock;
            settings.With("Smxp:Bridge:Email:Outbound:MaxMessageBytes", "100000").With("Smxp:Bridge:Email:Outbound:LinkDays", "3");
        });
        using var alice = new SmxpClient(world.Server.BaseAddress) { Token = await world.Server.NewTokenAsync("alice@example.test") };
        byte[] large = RandomNumberGenerator.GetBytes(150_000), small = RandomNumberGenerator.GetBytes(5000);
        OutgoingAttachment[] files = [await UploadAsync(alice, large, "film & <more>.bin"), await UploadAsync(alice, small, "note.txt")];
        await alice.Mail.SendAsync(new OutgoingMessage { To = ["bob@mail.test", "carol@other.test"], ContentType = "markdown", Body = "See the *film*.", Attachments = files }, CancellationToken.None);

        OutsideMail[] mails = [await world.Outside.NextAsync(), await world.Outside.NextAsync()];
        Assert.Equal(mails[0].Bytes, mails[1].Bytes);
        var mail = mails[0].Message;
        Assert.Equal("note.txt", Assert.IsType<MimePart>(Assert.Single(mail.Attachments)).FileName);
        var link = new Uri(Link().Match(mail.TextBody!).Value);
        Assert.Contains($"href=\"{link}\"", mail.HtmlBody, StringComparison.Ordinal);
        Assert.Contains("film &amp; &lt;more&gt;.bin", mail.HtmlBody, StringComparison.Ordinal);

        using var browser = new HttpClient();
        using var answer = await browser.GetAsync(link);
        Assert.Equal(large, await answer.Content.ReadAsByteArrayAsync());
        Assert.Equal(("attachment", "nosniff"), (answer.Content.Headers.ContentDisposition!.DispositionType, answer.Headers.GetValues("X-Content-Type-Options").Single()));
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync(new Uri($"{link}x"))).StatusCode);

        clock.Advance(TimeSpan.FromDays(3));
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync(link)).StatusCode);
    }

    private static Task<OutgoingAttachment> UploadAsync(SmxpClient client, byte[] bytes, string name) =>
        client.Blobs.UploadAsync(new MemoryStream(bytes), new UploadOptions { Name = name }, CancellationToken.None);

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+/\.smxp/files/[A-Za-z0-9_-]{43}")]
    private static partial Regex Link();
}
