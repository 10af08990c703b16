using System.Security.Cryptography;
using System.Text;
using Smxp.Plugins.Storage;
using Smxp.Protocol;
using static Smxp.Plugins.Conformance.Storage.Letters;

namespace Smxp.Plugins.Conformance.Storage;

// Tokens, routes, delegations and what is remembered of peers.
public abstract partial class StateStoreConformance
{
    private static TokenRecord Token(string id, Address owner, string kind = TokenKind.Session, long createdAt = 1, long? expiresAt = null) =>
        new(id, owner, kind, SHA256.HashData(Encoding.UTF8.GetBytes(id)), $"name of {id}", createdAt, expiresAt, null);

    [Fact]
    public async Task Keeps_tokens()
    {
        TokenRecord token = Token("t1", Alice, expiresAt: 99);
        await Store.Tokens.AddAsync(token, None);
        await Store.Tokens.AddAsync(Token("t2", Alice, createdAt: 2), None);
        await Store.Tokens.AddAsync(Token("k1", Alice, TokenKind.ApiKey), None);
        await RestartAsync();
        TokenRecord found = (await Store.Tokens.FindAsync(token.Hash, None))!;
        Assert.Equal(token.Hash, found.Hash);
        Assert.Equal(token with { Hash = found.Hash }, found);
        Assert.Null(await Store.Tokens.FindAsync(new byte[32], None));
        Assert.Equal(["t2", "t1"], (await Store.Tokens.ListAsync(Alice, TokenKind.Session, None)).Select(static token => token.Id));
        await Store.Tokens.TouchAsync(new Dictionary<string, long> { ["t1"] = 50, ["gone"] = 50 }, None);
        await Store.Tokens.TouchAsync(new Dictionary<string, long> { ["t1"] = 40 }, None);
        Assert.Equal(50, (await Store.Tokens.FindAsync(token.Hash, None))!.LastUsed);
    }

    [Fact]
    public async Task Removes_tokens_of_their_owner_only()
    {
        foreach (TokenRecord token in new[] { Token("a1", Alice), Token("a2", Alice), Token("a3", Alice), Token("ak", Alice, TokenKind.ApiKey), Token("b1", Bob) })
            await Store.Tokens.AddAsync(token, None);
        Assert.False(await Store.Tokens.RemoveAsync(Bob, "a1", None));
        Assert.True(await Store.Tokens.RemoveAsync(Alice, "a1", None));
        await Store.Tokens.RemoveSessionsAsync(Alice, "a2", None);
        Assert.Equal(["a2"], (await Store.Tokens.ListAsync(Alice, TokenKind.Session, None)).Select(static token => token.Id));
        await Store.Tokens.RemoveSessionsAsync(Alice, null, None);
        Assert.Empty(await Store.Tokens.ListAsync(Alice, TokenKind.Session, None));
        Assert.Single(await Store.Tokens.ListAsync(Alice, TokenKind.ApiKey, None));
        Assert.Single(await Store.Tokens.ListAsync(Bob, TokenKind.Session, None));
    }

    [Fact]
    public async Task Removes_expired_tokens()
    {
        foreach (TokenRecord token in new[] { Token("old", Alice, expiresAt: 10), Token("new", Alice, expiresAt: 20), Token("ever", Alice) })
            await Store.Tokens.AddAsync(token, None);
        Assert.Equal(1, await Store.Tokens.RemoveExpiredAsync(20, None));
        Assert.Equal(["ever", "new"], (await Store.Tokens.ListAsync(Alice, TokenKind.Session, None)).Select(static token => token.Id).Order());
    }

    [Fact]
    public async Task Keeps_routes_by_priority_then_age()
    {
        RouteRecord route = new("r1", "example.test", "*", "x@peer.test", 1, true, 10);
        await Store.Routes.PutAsync(route, None);
        await Store.Routes.PutAsync(route with { Id = "r2", Priority = 5, CreatedAt = 20 }, None);
        await Store.Routes.PutAsync(route with { Id = "r3", CreatedAt = 5 }, None);
        await Store.Routes.PutAsync(route with { Id = "r4", Domain = "other.test" }, None);
        await Store.Routes.PutAsync(route with { Enabled = false }, None);
        await RestartAsync();
        Assert.Equal(["r2", "r3", "r1"], (await Store.Routes.ListAsync("example.test", None)).Select(static route => route.Id));
        Assert.Equal(route with { Enabled = false }, await Store.Routes.FindAsync("r1", None));
        Assert.True(await Store.Routes.RemoveAsync("r1", None));
        Assert.False(await Store.Routes.RemoveAsync("r1", None));
        Assert.Null(await Store.Routes.FindAsync("r1", None));
    }

    [Fact]
    public async Task Keeps_delegations_and_knows_the_newest()
    {
        const string carol = "carol@peer.test";
        DelegationRecord first = new("zz", Alice, carol, "send", 10, 99);
        await Store.Delegations.AddAsync(first, None);
        await Store.Delegations.AddAsync(first with { Id = "aa", Scope = "read" }, None);
        await Store.Delegations.AddAsync(first with { Id = "mm", Owner = Bob, ExpiresAt = null }, None);
        await RestartAsync();
        Assert.Equal(["aa", "zz"], (await Store.Delegations.ListByOwnerAsync(Alice, None)).Select(static delegation => delegation.Id));
        Assert.Equal(["mm", "aa", "zz"], (await Store.Delegations.ListByDelegateAsync(carol, None)).Select(static delegation => delegation.Id));
        Assert.Equal(first with { Id = "aa", Scope = "read" }, await Store.Delegations.FindNewestAsync(Alice, carol, None));
        Assert.False(await Store.Delegations.RemoveAsync(Bob, "aa", None));
        Assert.True(await Store.Delegations.RemoveAsync(Alice, "aa", None));
        Assert.Equal(first, await Store.Delegations.FindNewestAsync(Alice, carol, None));
        Assert.Null(await Store.Delegations.FindNewestAsync(Bob, "dave@peer.test", None));
    }

    [Fact]
    public async Task Remembers_keys_of_peers()
    {
        await Store.Peers.PutKeyAsync(new PeerKey("peer.test", "k1", "Ed25519", [1], 100), None);
        await Store.Peers.PutKeyAsync(new PeerKey("peer.test", "k1", "Ed25519", [2], 200), None);
        await RestartAsync();
        PeerKey found = (await Store.Peers.FindKeyAsync("peer.test", "k1", None))!;
        Assert.Equal(("Ed25519", 200L, (byte)2), (found.Algorithm, found.ExpiresAt, Assert.Single(found.PublicKey)));
        Assert.Null(await Store.Peers.FindKeyAsync("peer.test", "k2", None));
        Assert.Null(await Store.Peers.FindKeyAsync("other.test", "k1", None));
    }

    [Fact]
    public async Task A_nonce_counts_once()
    {
        bool[] used = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => Store.Peers.TryUseAsync("n", 100, 10, None))));
        Assert.Single(used, static first => first);
        await RestartAsync();
        Assert.False(await Store.Peers.TryUseAsync("n", 100, 99, None));
        Assert.True(await Store.Peers.TryUseAsync("n", 200, 100, None));
    }
}
