using System.Text;
using CsCheck;
using Smxp.Bridge.Email.Inbound;
using Smxp.Bridge.Email.Outbound.Forms;

namespace Smxp.Bridge.Email.Tests.Outbound.Forms;

public sealed class OctetsTests
{
    // Lines around the limit, of which some hold characters of several octets, in streams that give them piece by piece.
    private static readonly Gen<string> Lines =
        Gen.Select(Gen.Int[990, 1010], Gen.Int[0, 3], Gen.Bool, static (length, wide, ends) => $"{new string('a', length - (2 * wide))}{string.Concat(Enumerable.Repeat("ü", wide))}{(ends ? "\r\n" : "\r\nx")}");

    private static readonly Gen<string> Mails = Gen.Select(Lines.Array[0, 5], Gen.Int[0, 3000]).Select(static (lines, last) => string.Concat(lines) + new string('z', last));

    [Theory]
    [InlineData("", true, true)]
    [InlineData("a\r\n", true, true)]
    [InlineData("a\0b\r\n", false, true)]
    [InlineData("grün\r\n", false, true)]
    public async Task Tells_what_every_server_takes(string mail, bool sevenBit, bool fit) => Assert.Equal(new Octets(sevenBit, fit), await ReadAsync(mail, 4096));

    [Theory]
    [InlineData(998, "\r\n", true)]
    [InlineData(998, "", true)]
    [InlineData(999, "\r\n", false)]
    [InlineData(999, "", false)]
    [InlineData(998, "\r", false)]
    [InlineData(998, "\n", true)]
    public async Task A_line_may_have_998_octets(int length, string end, bool fits) => Assert.Equal(fits, (await ReadAsync($"a\r\n{new string('x', length)}{end}", 4096)).FitLines);

    [Fact]
    public async Task It_does_not_matter_how_the_octets_come() => await Gen.Select(Mails, Gen.Int[1, 1200]).SampleAsync(static async (mail, piece) =>
    {
        byte[] bytes = Encoding.UTF8.GetBytes(mail);
        bool fit = Encoding.Latin1.GetString(bytes).Split("\r\n").All(static line => line.Length <= Octets.LongestLine);
        Assert.Equal(new Octets(bytes.All(static octet => octet is > 0 and < 128), fit), await ReadAsync(mail, piece));
    }, iter: 200);

    [Fact]
    public async Task Broken_lines_fit_and_what_fits_stays() => await Gen.Select(Mails, Gen.Int[1, 1200]).SampleAsync(static async (mail, piece) =>
    {
        await using var broken = new MessageSpool(Path.GetTempPath());
        await using var pieces = new Pieces(Encoding.UTF8.GetBytes(mail), piece);
        await LineBreaker.CopyAsync(pieces, broken, CancellationToken.None);
        using var reader = new StreamReader(broken.OpenRead(), new UTF8Encoding(false, throwOnInvalidBytes: true));
        string text = await reader.ReadToEndAsync();
        Assert.All(text.Split("\r\n"), static line => Assert.InRange(Encoding.UTF8.GetByteCount(line), 0, Octets.LongestLine));
        Assert.Equal(mail, text.Replace("\r\n ", "", StringComparison.Ordinal));
        Assert.All(mail.Split("\r\n").Where(static line => Encoding.UTF8.GetByteCount(line) <= Octets.LongestLine), line => Assert.Contains(line, text.Split("\r\n")));
    }, iter: 200);

    private static async Task<Octets> ReadAsync(string mail, int piece)
    {
        await using var pieces = new Pieces(Encoding.UTF8.GetBytes(mail), piece);
        return await Octets.ReadAsync(pieces, CancellationToken.None);
    }

    private sealed class Pieces(byte[] bytes, int size) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => base.ReadAsync(buffer[..Math.Min(size, buffer.Length)], cancellationToken);
    }
}
