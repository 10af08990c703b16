namespace Smxp.Bridge.Email.Tests.EndToEnd;

/// <summary>What the HTML of a mail becomes, as configured; and whether what it quotes stays.</summary>
public sealed class BodyFormTests
{
    private const string Rich = "From: bob@mail.test\nTo: alice@example.test\nMessage-ID: <rich@mail.test>\nMIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n<h2>Plan</h2><p>See <b>this</b> &amp; <a href=\"https://mail.test/a_b\">that</a><script>x()</script></p>\n";

    [Theory]
    [InlineData("html", "html", "<h2>Plan</h2><p>See <b>this</b> &amp; <a href=\"https://mail.test/a_b\">that</a></p>")]
    [InlineData("markdown", "markdown", "## Plan\n\nSee **this** \\& [that](https://mail.test/a_b)")]
    [InlineData("text", "text", "Plan\n\nSee this & that")]
    public async Task Html_becomes_what_is_configured(string form, string contentType, string body)
    {
        await using var world = await MailWorld.StartAsync(settings => settings.With("Smxp:Bridge:Email:Body", form));
        await world.DeliverAsync(Rich);
        var row = Assert.Single(await MailWorld.ListAsync(world.Alice));
        Assert.Equal(contentType, (string?)row["content_type"]);
        string shown = ((string)row["body"]!).Trim();
        if (form == "text") Assert.StartsWith("Plan", shown, StringComparison.Ordinal);
        else Assert.StartsWith(body[..10], shown, StringComparison.Ordinal);
        if (form == "markdown") Assert.Equal(body, shown);
        Assert.DoesNotContain("x()", shown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("true", "Yes.")]
    [InlineData("false", "Yes.\n\nOn Fri, 2 Jan 2026 at 10:00, Alice <alice@example.test> wrote:\n> Lunch?")]
    public async Task A_trailing_quote_goes_or_stays_as_configured(string cut, string body)
    {
        await using var world = await MailWorld.StartAsync(settings => settings.With("Smxp:Bridge:Email:CutTrailingQuotes", cut));
        await world.DeliverAsync("From: bob@mail.test\nMessage-ID: <yes@mail.test>\nIn-Reply-To: <lunch@example.test>\n\nYes.\n\nOn Fri, 2 Jan 2026 at 10:00, Alice <alice@example.test> wrote:\n> Lunch?\n");
        Assert.Equal(body, (string?)Assert.Single(await MailWorld.ListAsync(world.Alice))["body"]);
    }
}
