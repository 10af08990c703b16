using System.Text.Json;
using Smxp.Mail.Authentication.Dkim;

namespace Smxp.Bridge.Email.Outbound.Dkim;

/// <summary>The two keys that sign a domain's mail from one rotation to the next, RSA for everybody and Ed25519 for those who know it (RFC 8463 §5).</summary>
/// <param name="Name">What its selectors begin with, and by which it is told apart: the day it was made.</param>
/// <param name="CreatedAt">When, Unix seconds.</param>
/// <param name="IsPublished">Whether its records were once seen in DNS.</param>
/// <param name="Keys">The keys with their selectors.</param>
internal sealed record KeyGeneration(string Name, long CreatedAt, bool IsPublished, IReadOnlyList<DkimSigningKey> Keys)
{
    public static KeyGeneration Generate(string name, long createdAt) => new(name, createdAt, false, [Key(name, DkimKey.Generate(DkimAlgorithm.RsaSha256)), Key(name, DkimKey.Generate(DkimAlgorithm.Ed25519Sha256))]);

    /// <summary>What is stored; a secret.</summary>
    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(new Stored(CreatedAt, IsPublished, [.. Keys.Select(static key => key.Key.ExportPem())]));

    public static KeyGeneration Read(string name, byte[] value)
    {
        var stored = JsonSerializer.Deserialize<Stored>(value) ?? throw Damaged(name);
        return new KeyGeneration(name, stored.CreatedAt, stored.IsPublished, [.. stored.Keys.Select(pem => DkimKey.TryImport(pem, out var key) ? Key(name, key) : throw Damaged(name))]);
    }

    private static DkimSigningKey Key(string name, DkimKey key) => new($"{name}-{(key.Algorithm == DkimAlgorithm.RsaSha256 ? "rsa" : "ed25519")}", key);

    private static InvalidDataException Damaged(string name) => new($"The DKIM keys {name} cannot be read.");

    private sealed record Stored(long CreatedAt, bool IsPublished, string[] Keys);
}
