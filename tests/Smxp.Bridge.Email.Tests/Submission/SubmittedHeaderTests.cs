using System.Text;
using Smxp.Bridge.Email.Inbound;
using Smxp.Bridge.Email.Submission;

namespace Smxp.Bridge.Email.Tests.Submission;

public class SubmittedHeaderTests
{
    [Theory]
    [InlineData("A: 1\r\n\r\nBody", "A: 1\r\n\r\nBody")]
    [InlineData("Bcc: x\r\nA: 1\r\n\r\nBcc: in the body", "A: 1\r\n\r\nBcc: in the body")]
    [InlineData("A: 1\r\nBCC : x,\r\n\ty,\r\n z\r\nB: 2\r\n\r\n", "A: 1\r\nB: 2\r\n\r\n")]
    [InlineData("Resent-Bcc: x\r\nBccs: kept\r\n\r\n", "Bccs: kept\r\n\r\n")]
    [InlineData("A: 1\r\nBcc: x", "A: 1\r\n\r\n")]
    [InlineData("A: 1", "A: 1\r\n\r\n")]
    [InlineData("\r\nBody alone\r\n\r\n", "\r\nBody alone\r\n\r\n")]
    [InlineData("", "\r\n")]
    public async Task Takes_out_what_must_not_leave(string mail, string expected) => Assert.Equal(expected, await CleanAsync(mail));

    [Fact]
    public async Task Puts_in_what_is_missing_and_takes_out_what_it_replaces() =>
        Assert.Equal("A: 1\r\nDate: now\r\n\r\nBody", await CleanAsync("Date: nonsense\r\nA: 1\r\ndate: more\r\n\r\nBody", new KeyValuePair<string, string>("Date", "now")));

    [Theory]
    [InlineData(16 * 1024 - 3)]
    [InlineData(16 * 1024 - 2)]
    [InlineData(16 * 1024 - 1)]
    [InlineData(16 * 1024)]
    public async Task Finds_the_end_of_the_header_across_pieces(int length)
    {
        string field = $"A: {new string('x', length - 5)}\r\n", body = new('y', 200_000);
        Assert.Equal($"{field}\r\n{body}", await CleanAsync($"{field}\r\n{body}"));
    }

    private static async Task<string> CleanAsync(string mail, params KeyValuePair<string, string>[] added)
    {
        await using var source = new MessageSpool(Path.GetTempPath());
        await source.WriteAsync(Encoding.ASCII.GetBytes(mail), default);
        await using var cleaned = await SubmittedHeader.CleanAsync(source, added, default);
        using var reader = new StreamReader(cleaned.OpenRead());
        return await reader.ReadToEndAsync();
    }
}
