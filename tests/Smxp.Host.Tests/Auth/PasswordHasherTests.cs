using Smxp.Host.Auth;

namespace Smxp.Host.Tests.Auth;

public sealed class PasswordHasherTests : IDisposable
{
    private readonly PasswordHasher _hasher = new();

    public void Dispose() => _hasher.Dispose();

    /// <summary>Made by other implementations: the first is in the Argon2 reference's own tests, the others were made with hash-wasm.</summary>
    [Theory]
    [InlineData("password", "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc", "RightButDated")]
    [InlineData("correct horse battery", "$argon2id$v=19$m=65536,t=3,p=1$AAECAwQFBgcICQoLDA0ODw$kEtCSS2gQDGkaKbR1RaJhIwV5ciNhYewGG3OV0uMS8w", "Right")]
    [InlineData("pässwörd €", "$argon2id$v=19$m=19456,t=2,p=2$YW5vdGhlciBzYWx0IDEyMw$f0czO6GHO3hJnM5tJnedWkHQwXk1ciHazJwQPMCCGj4", "RightButDated")]
    public async Task Verifies_the_hashes_of_other_implementations(string password, string stored, string expected)
    {
        Assert.Equal(expected, (await _hasher.VerifyAsync(password, stored, CancellationToken.None)).ToString());
        Assert.Equal(PasswordCheck.Wrong, await _hasher.VerifyAsync(password + "x", stored, CancellationToken.None));
    }

    [Fact]
    public async Task Verifies_its_own_hashes_and_salts_each()
    {
        string? first = await _hasher.HashAsync("correct horse battery", CancellationToken.None);
        string? second = await _hasher.HashAsync("correct horse battery", CancellationToken.None);
        Assert.StartsWith("$argon2id$v=19$m=65536,t=3,p=1$", first, StringComparison.Ordinal);
        Assert.NotEqual(first, second);
        Assert.Equal(PasswordCheck.Right, await _hasher.VerifyAsync("correct horse battery", first, CancellationToken.None));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("not a hash")]
    [InlineData("$argon2id$v=19$m=4194304,t=1000,p=1$AAECAwQFBgcICQoLDA0ODw$kEtCSS2gQDGkaKbR1RaJhIwV5ciNhYewGG3OV0uMS8w")]
    public async Task Nothing_matches_what_is_no_usable_hash(string? stored) =>
        Assert.Equal(PasswordCheck.Wrong, await _hasher.VerifyAsync("correct horse battery", stored, CancellationToken.None));

    [Fact]
    public async Task Turns_away_what_would_wait_too_long()
    {
        var checks = await Task.WhenAll(Enumerable.Range(0, 80).Select(_ => _hasher.VerifyAsync("x", Cheap, CancellationToken.None)));
        Assert.Contains(PasswordCheck.Busy, checks);
        Assert.Contains(PasswordCheck.Wrong, checks);
        Assert.Equal(PasswordCheck.Wrong, await _hasher.VerifyAsync("x", Cheap, CancellationToken.None));
    }

    private const string Cheap = "$argon2id$v=19$m=8192,t=1,p=1$AAECAwQFBgcICQoLDA0ODw$kEtCSS2gQDGkaKbR1RaJhIwV5ciNhYewGG3OV0uMS8w";

    [Theory]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("1234567", false)]
    [InlineData("12345678", true)]
    public void A_password_has_at_least_eight_characters(string? password, bool allowed) => Assert.Equal(allowed, PasswordHasher.Validate(password) is null);

    [Fact]
    public void A_password_has_at_most_1024_bytes()
    {
        Assert.Null(PasswordHasher.Validate(new string('a', 1024)));
        Assert.NotNull(PasswordHasher.Validate(new string('€', 342)));
    }
}
