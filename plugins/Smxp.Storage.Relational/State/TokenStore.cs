using System.Data.Common;
using LinqToDB;
using LinqToDB.Async;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Storage.Relational.State;

internal sealed class TokenStore(IDatabase database) : ITokenStore
{
    private const string FindByHash = "SELECT id, owner, kind, hash, name, created_at, expires_at, last_used FROM tokens WHERE hash = @p0";

    public Task AddAsync(TokenRecord token, CancellationToken cancellationToken)
    {
        TokenRow row = Row(token);
        return database.WriteAsync(transaction => transaction.Data.Insert(row), cancellationToken);
    }

    public Task<TokenRecord?> FindAsync(byte[] hash, CancellationToken cancellationToken) =>
        database.ReadAsync(async (snapshot, cancel) =>
        {
            await using DbDataReader row = await snapshot.Statements[FindByHash].ReadAsync([hash], cancel);
            return await row.ReadAsync(cancel) ? Record(row) : null;
        }, cancellationToken);

    public Task<IReadOnlyList<TokenRecord>> ListAsync(Address owner, string kind, CancellationToken cancellationToken)
    {
        string key = owner.ToString();
        return database.ReadAsync<IReadOnlyList<TokenRecord>>(async (snapshot, cancel) =>
        {
            IQueryable<TokenRow> rows = snapshot.Data.GetTable<TokenRow>().Where(row => row.Owner == key && row.Kind == kind)
                .OrderByDescending(row => row.CreatedAt).ThenByDescending(row => row.Id);
            return [.. (await rows.ToListAsync(cancel)).Select(static row => Record(row))];
        }, cancellationToken);
    }

    public Task<bool> RemoveAsync(Address owner, string id, CancellationToken cancellationToken)
    {
        string key = owner.ToString();
        return database.WriteAsync(transaction => transaction.Data.GetTable<TokenRow>().Delete(row => row.Owner == key && row.Id == id) > 0, cancellationToken);
    }

    public Task RemoveSessionsAsync(Address owner, string? exceptId, CancellationToken cancellationToken)
    {
        string key = owner.ToString();
        string except = exceptId ?? "";
        return database.WriteAsync(
            transaction => transaction.Data.GetTable<TokenRow>().Delete(row => row.Owner == key && row.Kind == TokenKind.Session && row.Id != except),
            cancellationToken);
    }

    public Task TouchAsync(IReadOnlyDictionary<string, long> lastUsedById, CancellationToken cancellationToken) =>
        database.WriteAsync(transaction =>
        {
            Statement touch = transaction.Statements["UPDATE tokens SET last_used = @p0 WHERE id = @p1 AND (last_used IS NULL OR last_used < @p0)"];
            return lastUsedById.Sum(used => touch.Execute(used.Value, used.Key));
        }, cancellationToken);

    public Task<int> RemoveExpiredAsync(long before, CancellationToken cancellationToken) =>
        database.WriteAsync(transaction => transaction.Statements["DELETE FROM tokens WHERE expires_at < @p0"].Execute(before), cancellationToken);

    private static TokenRecord Record(DbDataReader row) => new(
        row.GetString(0),
        Address.Parse(row.GetString(1)),
        row.GetString(2),
        row.GetFieldValue<byte[]>(3),
        row.IsDBNull(4) ? null : StoredText.Decode(row.GetString(4)),
        row.GetInt64(5),
        row.IsDBNull(6) ? null : row.GetInt64(6),
        row.IsDBNull(7) ? null : row.GetInt64(7));

    private static TokenRecord Record(TokenRow row) =>
        new(row.Id, Address.Parse(row.Owner), row.Kind, row.Hash, row.Name is null ? null : StoredText.Decode(row.Name), row.CreatedAt, row.ExpiresAt, row.LastUsed);

    private static TokenRow Row(TokenRecord token) => new()
    {
        Id = token.Id,
        Owner = token.Owner.ToString(),
        Domain = token.Owner.Domain,
        Kind = token.Kind,
        Hash = token.Hash,
        Name = token.Name is null ? null : StoredText.Encode(token.Name),
        CreatedAt = token.CreatedAt,
        ExpiresAt = token.ExpiresAt,
        LastUsed = token.LastUsed,
    };
}
