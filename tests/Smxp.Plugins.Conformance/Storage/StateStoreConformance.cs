using Smxp.Plugins.Storage;
using Smxp.Protocol;
using static Smxp.Plugins.Conformance.Storage.Letters;

namespace Smxp.Plugins.Conformance.Storage;

/// <summary>What every state store must do: domains and addresses here, the other parts in the other files of this class.</summary>
public abstract partial class StateStoreConformance : StoreConformance<IStateStore>
{
    private static readonly DomainKey Key = new("k1", "ML-DSA-65", [1, 2], [3, 0, 255], 100, null);

    private static DomainRecord Domain(string name = "example.test", params DomainKey[] keys) => new(name, 50, keys.Length == 0 ? [Key] : keys);

    [Fact]
    public async Task Keeps_domains_with_their_keys()
    {
        Assert.True(await Store.Domains.AddAsync(Domain("b.test", Key, Key with { KeyId = "k2", Algorithm = "Ed25519" }), None));
        Assert.True(await Store.Domains.AddAsync(Domain("a.test"), None));
        Assert.False(await Store.Domains.AddAsync(Domain("a.test"), None));
        await RestartAsync();
        Assert.Equal(["a.test", "b.test"], (await Store.Domains.ListAsync(None)).Select(static domain => domain.Name));
        DomainRecord found = (await Store.Domains.FindAsync("b.test", None))!;
        Assert.Equal((50L, 2), (found.CreatedAt, found.Keys.Count));
        DomainKey key = found.Keys.Single(static key => key.KeyId == "k1");
        Assert.Equal(("ML-DSA-65", 100L, null), (key.Algorithm, key.CreatedAt, key.RetiredAt));
        Assert.Equal([1, 2], key.PublicKey);
        Assert.Equal([3, 0, 255], key.SecretKey);
        Assert.Null(await Store.Domains.FindAsync("c.test", None));
    }

    [Fact]
    public async Task Rotating_a_key_retires_the_one_of_its_algorithm()
    {
        await Store.Domains.AddAsync(Domain("example.test", Key, Key with { KeyId = "ed", Algorithm = "Ed25519" }), None);
        await Store.Domains.RotateKeyAsync("example.test", Key with { KeyId = "k2", CreatedAt = 200 }, None);
        await Store.Domains.RotateKeyAsync("example.test", Key with { KeyId = "k3", CreatedAt = 200 }, None);
        IReadOnlyList<DomainKey> keys = (await Store.Domains.FindAsync("example.test", None))!.Keys;
        Assert.Equal("k3", keys[0].KeyId);
        Assert.Equal(["ed", "k3"], keys.Where(static key => key.RetiredAt is null).Select(static key => key.KeyId).Order());
        Assert.Equal(200, keys.Single(static key => key.KeyId == "k1").RetiredAt);
    }

    [Fact]
    public async Task Removing_a_domain_removes_what_is_in_it()
    {
        await Store.Domains.AddAsync(Domain(), None);
        await Store.Addresses.AddAsync(new AddressRecord(Alice, null, 1), None);
        await Store.Tokens.AddAsync(Token("t1", Alice), None);
        await Store.Routes.PutAsync(new RouteRecord("r1", "example.test", "*", "x@peer.test", 0, true, 1), None);
        await Store.Delegations.AddAsync(new DelegationRecord("d1", Alice, "x@peer.test", "send", 1, null), None);
        Assert.True(await Store.Domains.RemoveAsync("example.test", None));
        Assert.False(await Store.Domains.RemoveAsync("example.test", None));
        Assert.Null(await Store.Domains.FindAsync("example.test", None));
        Assert.Null(await Store.Addresses.FindAsync(Alice, None));
        Assert.Null(await Store.Tokens.FindAsync(Token("t1", Alice).Hash, None));
        Assert.Null(await Store.Routes.FindAsync("r1", None));
        Assert.Empty(await Store.Delegations.ListByOwnerAsync(Alice, None));
        Assert.True(await Store.Domains.AddAsync(Domain(), None));
    }

    [Fact]
    public async Task Keeps_addresses()
    {
        Assert.True(await Store.Addresses.AddAsync(new AddressRecord(Bob, "$argon2id$…", 2), None));
        Assert.True(await Store.Addresses.AddAsync(new AddressRecord(Alice, null, 1), None));
        Assert.False(await Store.Addresses.AddAsync(new AddressRecord(Alice, "other", 3), None));
        await Store.Addresses.AddAsync(new AddressRecord(Address.Parse("zoe@a.test"), null, 1), None);
        await RestartAsync();
        Assert.Equal([Alice, Bob], (await Store.Addresses.ListAsync("example.test", None)).Select(static record => record.Address));
        Assert.Equal(3, (await Store.Addresses.ListAsync(null, None)).Count);
        Assert.Equal(new AddressRecord(Bob, "$argon2id$…", 2), await Store.Addresses.FindAsync(Bob, None));
        Assert.True(await Store.Addresses.SetPasswordAsync(Bob, null, None));
        Assert.Null((await Store.Addresses.FindAsync(Bob, None))!.PasswordHash);
        Assert.False(await Store.Addresses.SetPasswordAsync(NewMailbox(), "x", None));
    }

    [Fact]
    public async Task Removing_an_address_removes_its_tokens_and_delegations()
    {
        await Store.Addresses.AddAsync(new AddressRecord(Alice, null, 1), None);
        await Store.Tokens.AddAsync(Token("t1", Alice), None);
        await Store.Tokens.AddAsync(Token("t2", Bob), None);
        await Store.Delegations.AddAsync(new DelegationRecord("d1", Alice, "x@peer.test", "send", 1, null), None);
        Assert.True(await Store.Addresses.RemoveAsync(Alice, None));
        Assert.False(await Store.Addresses.RemoveAsync(Alice, None));
        Assert.Empty(await Store.Tokens.ListAsync(Alice, TokenKind.Session, None));
        Assert.Empty(await Store.Delegations.ListByOwnerAsync(Alice, None));
        Assert.Single(await Store.Tokens.ListAsync(Bob, TokenKind.Session, None));
    }
}
