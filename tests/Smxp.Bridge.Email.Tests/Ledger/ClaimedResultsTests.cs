using System.Text;
using Smxp.Bridge.Email.Ledger;

namespace Smxp.Bridge.Email.Tests.Ledger;

public sealed class ClaimedResultsTests
{
    private const string Renamed = "X-Foreign-Auth-Results";

    [Theory]
    [InlineData("Authentication-Results: gw.test; spf=pass\r\n", true)]
    [InlineData("authentication-results : GW.test. 1;\r\n dkim=pass\r\n", true)]
    [InlineData("Authentication-Results:\r\n\t(a comment) gw.test; none\r\n", true)]
    [InlineData("Authentication-Results: \"gw.test\"; spf=pass\r\n", true)]
    [InlineData("Authentication-Results: =?!; gw.test spf=pass\r\n", true)]
    [InlineData("Authentication-Results: other.test; spf=pass smtp.mailfrom=gw.test\r\n", false)]
    [InlineData("Authentication-Results: gw.test.other.test; spf=pass\r\n", false)]
    [InlineData("X-Authentication-Results: gw.test; spf=pass\r\n", false)]
    public async Task Only_what_claims_to_be_ours_is_renamed(string field, bool isOurs)
    {
        string mail = $"From: a@b.test\r\n{field}Subject: Hello\r\n\r\n{field}";
        string expected = isOurs ? $"From: a@b.test\r\n{Renamed}{field[Renamed.Length..]}Subject: Hello\r\n\r\n{field}" : mail;
        Assert.Equal(expected, await ServeAsync(mail));
    }

    [Theory]
    [InlineData("\r\n")]
    [InlineData("\n")]
    public async Task Fields_behind_much_else_and_several_of_them_are_found(string end)
    {
        string filling = string.Concat(Enumerable.Repeat($"X-Filling: a line of no importance{end}", 3000));
        string field = $"Authentication-Results: gw.test; spf=pass{end}";
        string renamed = $"{Renamed}: gw.test; spf=pass{end}";
        Assert.Equal($"{renamed}{filling}{renamed}{end}{field}", await ServeAsync($"{field}{filling}{field}{end}{field}"));
    }

    [Fact]
    public async Task A_mail_without_a_body_or_an_end_is_served_whole()
    {
        Assert.Equal("", await ServeAsync(""));
        Assert.Equal($"{Renamed}: gw.test", await ServeAsync("Authentication-Results: gw.test"));
    }

    private static async Task<string> ServeAsync(string mail)
    {
        await using var served = await ClaimedResults.RenameAsync(new MemoryStream(Encoding.ASCII.GetBytes(mail)), "gw.test", CancellationToken.None);
        using var reader = new StreamReader(served, Encoding.ASCII);
        return await reader.ReadToEndAsync();
    }
}
