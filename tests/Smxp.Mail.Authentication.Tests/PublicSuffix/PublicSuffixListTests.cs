using System.Text;
using CsCheck;
using Smxp.Mail.Authentication.PublicSuffix;

namespace Smxp.Mail.Authentication.Tests.PublicSuffix;

public sealed class PublicSuffixListTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("smxp-psl").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // What publicsuffix.org asks of every reader of its list: none, one and several rules, wildcards, exceptions, A-labels.
    [Theory]
    [InlineData("com", "com")]
    [InlineData("example.com", "example.com")]
    [InlineData("a.b.example.com", "example.com")]
    [InlineData("example.unlisted", "example.unlisted")]
    [InlineData("a.b.example.unlisted", "example.unlisted")]
    [InlineData("co.uk", "co.uk")]
    [InlineData("shop.co.uk", "shop.co.uk")]
    [InlineData("www.shop.co.uk", "shop.co.uk")]
    [InlineData("example.uk", "example.uk")]
    [InlineData("ck", "ck")]
    [InlineData("test.ck", "test.ck")]
    [InlineData("b.test.ck", "b.test.ck")]
    [InlineData("a.b.test.ck", "b.test.ck")]
    [InlineData("www.ck", "www.ck")]
    [InlineData("www.www.ck", "www.ck")]
    [InlineData("city.kobe.jp", "city.kobe.jp")]
    [InlineData("www.city.kobe.jp", "city.kobe.jp")]
    [InlineData("a.b.c.kobe.jp", "b.c.kobe.jp")]
    [InlineData("x.github.io", "x.github.io")]
    [InlineData("xn--85x722f.xn--55qx5d.cn", "xn--85x722f.xn--55qx5d.cn")]
    [InlineData("www.xn--85x722f.xn--55qx5d.cn", "xn--85x722f.xn--55qx5d.cn")]
    [InlineData("WWW.Example.COM", "Example.COM")]
    public void Organisational_domain(string name, string expected) => Assert.Equal(expected, PublicSuffixList.Shipped.OrganizationalDomain(name));

    [Theory]
    [InlineData("www.shop.co.uk", "co.uk")]
    [InlineData("a.b.test.ck", "test.ck")]
    [InlineData("www.ck", "ck")]
    [InlineData("example.unlisted", "unlisted")]
    public void Suffix(string name, string expected) => Assert.Equal(expected, PublicSuffixList.Shipped.PublicSuffix(name));

    [Fact]
    public async Task A_good_list_is_installed_and_a_bad_one_leaves_the_old()
    {
        Assert.Same(PublicSuffixList.Shipped, PublicSuffixList.LoadFrom(_folder));
        string newer = Shipped().Replace("// ===END PRIVATE DOMAINS===", "hosting.example\n// ===END PRIVATE DOMAINS===", StringComparison.Ordinal);
        Assert.Null(await InstallAsync(newer));
        Assert.Equal("a.hosting.example", PublicSuffixList.LoadFrom(_folder).OrganizationalDomain("b.a.hosting.example"));

        Assert.NotNull(await InstallAsync("<html>not found</html>"));
        Assert.NotNull(await InstallAsync(newer[..(newer.Length / 2)]));
        Assert.Equal("a.hosting.example", PublicSuffixList.LoadFrom(_folder).OrganizationalDomain("b.a.hosting.example"));
        Assert.Equal([PublicSuffixList.FileName], Directory.EnumerateFiles(_folder).Select(Path.GetFileName));

        await File.WriteAllTextAsync(Path.Combine(_folder, PublicSuffixList.FileName), "torn");
        Assert.Same(PublicSuffixList.Shipped, PublicSuffixList.LoadFrom(_folder));
    }

    [Fact]
    public void What_cannot_be_the_list_is_refused()
    {
        string shipped = Shipped();
        Assert.True(TryParse(shipped, out _));
        (string Text, string Fault)[] refused =
        [
            ("", "missing"),
            ("com\nnet\n", "missing"),
            ("<!DOCTYPE html>\n", "line 1"),
            (shipped[..(shipped.Length / 2)], "missing"),
            (shipped.Replace("\nco.uk\n", "\n", StringComparison.Ordinal), "always had"),
            (shipped + "\na..b\n", "no rule"),
            (shipped + new string('\n', 9 * 1024 * 1024), "too long"),
            ("// ===BEGIN ICANN DOMAINS===\n// ===END ICANN DOMAINS===\n// ===BEGIN PRIVATE DOMAINS===\n// ===END PRIVATE DOMAINS===\ncom\n", "only 1"),
        ];
        foreach (var (text, fault) in refused)
        {
            Assert.False(TryParse(text, out string? said));
            Assert.Contains(fault, said, StringComparison.Ordinal);
        }

        Assert.False(PublicSuffixList.TryParse(new MemoryStream([.. Encoding.UTF8.GetBytes(shipped), 0xff, 0xfe]), out _, out string? encoding));
        Assert.Contains("UTF-8", encoding, StringComparison.Ordinal);
    }

    [Fact]
    public void Never_throws()
    {
        Gen.OneOf(Gen.Char["*!./ \n<ab"], Gen.Char).Array[0, 60].Sample(static text => _ = PublicSuffixList.TryParse(new MemoryStream(Encoding.UTF8.GetBytes(text)), out _, out string? fault) || fault is not null, iter: 5_000);
        Gen.Char[".comukckjp*!-"].Array[0, 60].Select(static chars => new string(chars)).Sample(static name =>
        {
            string organization = PublicSuffixList.Shipped.OrganizationalDomain(name);
            return name.EndsWith(organization, StringComparison.Ordinal) && organization.EndsWith(PublicSuffixList.Shipped.PublicSuffix(name), StringComparison.Ordinal);
        }, iter: 20_000);
    }

    private static string Shipped() => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, PublicSuffixList.FileName));

    private static bool TryParse(string text, out string? fault) => PublicSuffixList.TryParse(new MemoryStream(Encoding.UTF8.GetBytes(text)), out _, out fault);

    private Task<string?> InstallAsync(string text) => PublicSuffixList.InstallAsync(new MemoryStream(Encoding.UTF8.GetBytes(text)), _folder, CancellationToken.None);
}
