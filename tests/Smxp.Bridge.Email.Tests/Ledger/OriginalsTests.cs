using System.IO.Compression;
using System.Text;
using Smxp.Bridge.Email.Inbound;
using Smxp.Bridge.Email.Ledger;
using Smxp.Testing;

namespace Smxp.Bridge.Email.Tests.Ledger;

public sealed class OriginalsTests
{
    [Theory]
    [InlineData(100)]
    [InlineData(65_537)]
    [InlineData(1_000_000)]
    public async Task Compresses_without_loss(int size)
    {
        using var folder = new TemporaryDirectory();
        await using var mail = new MessageSpool(folder.Path);
        string text = string.Concat(Enumerable.Range(0, size).Select(static i => (char)('a' + (i * i % 23))));
        foreach (char[] piece in text.Chunk(30_000)) await mail.WriteAsync(Encoding.ASCII.GetBytes(piece), CancellationToken.None);
        Assert.Equal(size, mail.Length);
        await using var compressed = await Originals.CompressAsync(mail, CancellationToken.None);
        await using var stream = new BrotliStream(compressed.OpenRead(), CompressionMode.Decompress);
        Assert.Equal(text, await new StreamReader(stream).ReadToEndAsync());
    }
}
