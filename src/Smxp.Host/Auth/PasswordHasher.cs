using System.Security.Cryptography;
using System.Text;
using Konscious.Security.Cryptography;

namespace Smxp.Host.Auth;

/// <summary>
/// Passwords as Argon2id (RFC 9106) in PHC strings. Each hash takes 64 MiB and a tenth of a second, so only a few run at a time and
/// only so many may wait; strangers cannot make the server spend more than that.
/// </summary>
internal sealed class PasswordHasher : IDisposable
{
    private const int MemoryKib = 65_536;
    private const int Passes = 3;
    private const int Lanes = 1;
    private const int SaltBytes = 16;
    private const int HashBytes = 32;
    private const int MaxAtOnce = 2;
    private const int MaxWaiting = 64;

    public const int MinLength = 8;
    public const int MaxBytes = 1024;

    /// <summary>What an unknown address is checked against, so that it costs what a wrong password costs. Nothing hashes to it.</summary>
    private static readonly PhcString Nobody =
        new(MemoryKib, Passes, Lanes, RandomNumberGenerator.GetBytes(SaltBytes), RandomNumberGenerator.GetBytes(HashBytes));

    private readonly SemaphoreSlim _slots = new(MaxAtOnce);
    private int _waiting;

    /// <summary>Null where the password may be chosen, otherwise what is wrong with it.</summary>
    public static string? Validate(string? password) => password switch
    {
        null or { Length: < MinLength } => $"a password has at least {MinLength} characters",
        _ when Encoding.UTF8.GetByteCount(password) > MaxBytes => $"a password has at most {MaxBytes} bytes",
        _ => null,
    };

    /// <summary>Hashes a new password; null where too many are waiting.</summary>
    public async Task<string?> HashAsync(string password, CancellationToken cancellationToken)
    {
        byte[] salt = RandomNumberGenerator.GetBytes(SaltBytes);
        var hash = await RunAsync(password, new PhcString(MemoryKib, Passes, Lanes, salt, new byte[HashBytes]), cancellationToken);
        return hash is null ? null : new PhcString(MemoryKib, Passes, Lanes, salt, hash).ToString();
    }

    /// <summary>Checks a password against a stored hash; null stands for an address that does not exist or has no password, and takes as long.</summary>
    public async Task<PasswordCheck> VerifyAsync(string password, string? stored, CancellationToken cancellationToken)
    {
        if (Encoding.UTF8.GetByteCount(password) is 0 or > MaxBytes) return PasswordCheck.Wrong;
        bool known = PhcString.TryParse(stored, out var phc);
        phc ??= Nobody;
        byte[]? hash = await RunAsync(password, phc, cancellationToken);
        if (hash is null) return PasswordCheck.Busy;
        if (!CryptographicOperations.FixedTimeEquals(hash, phc.Hash) || !known) return PasswordCheck.Wrong;
        return phc.HasParameters(MemoryKib, Passes, Lanes) ? PasswordCheck.Right : PasswordCheck.RightButDated;
    }

    public void Dispose() => _slots.Dispose();

    private async Task<byte[]?> RunAsync(string password, PhcString phc, CancellationToken cancellationToken)
    {
        try
        {
            if (Interlocked.Increment(ref _waiting) > MaxWaiting + MaxAtOnce) return null;
            await _slots.WaitAsync(cancellationToken);
            try
            {
                return await Task.Run(() => Compute(password, phc), CancellationToken.None);
            }
            finally
            {
                _slots.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private static byte[] Compute(string password, PhcString phc)
    {
        using var argon = new Argon2id(Encoding.UTF8.GetBytes(password))
        {
            Salt = phc.Salt,
            MemorySize = phc.MemoryKib,
            Iterations = phc.Passes,
            DegreeOfParallelism = phc.Lanes,
        };
        return argon.GetBytes(phc.Hash.Length);
    }
}

internal enum PasswordCheck
{
    Wrong,
    Right,

    /// <summary>Right, but hashed with other parameters than ours: hash it anew.</summary>
    RightButDated,

    /// <summary>Too many are waiting; nothing was checked.</summary>
    Busy,
}
