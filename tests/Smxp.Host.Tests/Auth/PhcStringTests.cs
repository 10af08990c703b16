using CsCheck;
using Smxp.Host.Auth;

namespace Smxp.Host.Tests.Auth;

public class PhcStringTests
{
    private const string Salt = "AAECAwQFBgcICQoLDA0ODw";
    private const string Hash = "kEtCSS2gQDGkaKbR1RaJhIwV5ciNhYewGG3OV0uMS8w";

    [Fact]
    public void Reads_what_it_writes()
    {
        string text = $"$argon2id$v=19$m=65536,t=3,p=1${Salt}${Hash}";
        Assert.True(PhcString.TryParse(text, out var phc));
        Assert.Equal((65536, 3, 1), (phc.MemoryKib, phc.Passes, phc.Lanes));
        Assert.Equal(text, phc.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("secret")]
    [InlineData("$argon2i$v=19$m=65536,t=3,p=1$" + Salt + "$" + Hash)]
    [InlineData("$argon2d$v=19$m=65536,t=3,p=1$" + Salt + "$" + Hash)]
    [InlineData("$argon2id$v=16$m=65536,t=3,p=1$" + Salt + "$" + Hash)]
    [InlineData("$argon2id$m=65536,t=3,p=1$" + Salt + "$" + Hash)]
    [InlineData("$argon2id$v=19$m=65536,t=3$" + Salt + "$" + Hash)]
    [InlineData("$argon2id$v=19$t=3,m=65536,p=1$" + Salt + "$" + Hash)]
    [InlineData("$argon2id$v=19$m=65536,t=3,p=1,keyid=x$" + Salt + "$" + Hash)]
    [InlineData("$argon2id$v=19$m=65536,t=3,p=1$$" + Hash)]
    [InlineData("$argon2id$v=19$m=65536,t=3,p=1$" + Salt + "$")]
    [InlineData("$argon2id$v=19$m=65536,t=3,p=1$" + Salt + "$" + Hash + "=")]
    [InlineData("$argon2id$v=19$m=65536,t=3,p=1$" + Salt + " $" + Hash)]
    [InlineData("$argon2id$v=19$m=65536,t=3,p=1$" + Salt + "$" + Hash + "$")]
    public void Refuses_what_is_no_argon2id_hash(string? text) => Assert.False(PhcString.TryParse(text, out _));

    [Theory]
    [InlineData(4_194_304, 1, 1)]
    [InlineData(262_144, 16, 1)]
    [InlineData(65_536, 1000, 1)]
    [InlineData(65_536, 3, 255)]
    [InlineData(7, 3, 1)]
    [InlineData(65_536, 0, 1)]
    [InlineData(65_536, 3, 0)]
    [InlineData(65_536, -3, 1)]
    public void Refuses_parameters_that_would_cost_too_much_or_mean_nothing(int memory, int passes, int lanes) =>
        Assert.False(PhcString.TryParse($"$argon2id$v=19$m={memory},t={passes},p={lanes}${Salt}${Hash}", out _));

    [Fact]
    public void Never_throws() => Gen.String[Gen.Char["$argon2id=v19mtp,0AZ+/ \n"], 0, 80].Sample(text => PhcString.TryParse("$argon2id$" + text, out _) || true);
}
