using System.Net;
using Microsoft.Extensions.Time.Testing;
using Smxp.Testing;

namespace Smxp.Host.Tests.Blobs;

public class AbandonedUploadsTests
{
    [Fact]
    public async Task Are_cleared_away_and_finished_ones_stay()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var server = await TestServer.StartAsync(settings => settings.Time = time);
        using var owner = await server.SignInNewAsync("alice@example.test");
        string finished = await owner.UploadAsync([1, 2, 3]);
        string abandoned = await owner.AnnounceAsync([4, 5, 6]);
        (await owner.PutChunkAsync(abandoned, 0, [4])).Is(HttpStatusCode.OK);
        string left = Path.Combine(Directory.CreateDirectory(Path.Combine(server.DataDirectory, "tmp")).FullName, "left");
        await File.WriteAllTextAsync(left, "x");

        time.Advance(TimeSpan.FromHours(23));
        (await owner.AskAsync($"{BlobClient.Path}/{abandoned}/status")).Is(HttpStatusCode.OK);

        await Eventually.TrueAsync(async () =>
        {
            time.Advance(TimeSpan.FromHours(1));
            return (await owner.AskAsync($"{BlobClient.Path}/{abandoned}/status")).Status == HttpStatusCode.NotFound && !File.Exists(left);
        });
        (await owner.AskAsync($"{BlobClient.Path}/{finished}/status")).Is(HttpStatusCode.OK);
        Assert.DoesNotContain(Directory.EnumerateFiles(server.DataDirectory, "*", SearchOption.AllDirectories), file => file.Contains(abandoned, StringComparison.Ordinal));
    }
}
