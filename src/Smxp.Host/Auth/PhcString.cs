using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Smxp.Host.Auth;

/// <summary>An Argon2id hash with its parameters, as <c>$argon2id$v=19$m=65536,t=3,p=1$salt$hash</c> (RFC 9106; the PHC string format).</summary>
/// <param name="MemoryKib">Memory, KiB.</param>
/// <param name="Passes">Passes over it.</param>
/// <param name="Lanes">Lanes.</param>
/// <param name="Salt">The salt.</param>
/// <param name="Hash">The tag.</param>
internal sealed record PhcString(int MemoryKib, int Passes, int Lanes, byte[] Salt, byte[] Hash)
{
    // What a hash from elsewhere may ask of this machine: 256 MiB, and five times the work of our own.
    private const int MaxMemoryKib = 262_144;
    private const int MaxPasses = 16;
    private const int MaxLanes = 16;
    private const long MaxWork = 1_048_576;

    /// <summary>Reads a hash; false where it is malformed, another algorithm's, or asks for more than is allowed.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out PhcString? phc)
    {
        phc = null;
        if (text is not { Length: <= 256 }) return false;
        string[] parts = text.Split('$');
        if (parts is not ["", "argon2id", "v=19", var parameters, var salt64, var hash64]) return false;
        if (parameters.Split(',') is not [var m, var t, var p]) return false;
        if (!TryNumber(m, "m=", out int memory) || !TryNumber(t, "t=", out int passes) || !TryNumber(p, "p=", out int lanes)) return false;
        if (lanes is < 1 or > MaxLanes || passes is < 1 or > MaxPasses || memory > MaxMemoryKib || memory < 8 * lanes) return false;
        if ((long)memory * passes > MaxWork) return false;
        if (!TryBase64(salt64, out byte[]? salt) || !TryBase64(hash64, out byte[]? hash)) return false;
        if (salt.Length is < 8 or > 64 || hash.Length is < 16 or > 64) return false;
        phc = new PhcString(memory, passes, lanes, salt, hash);
        return true;
    }

    public bool HasParameters(int memoryKib, int passes, int lanes) => (MemoryKib, Passes, Lanes) == (memoryKib, passes, lanes);

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"$argon2id$v=19$m={MemoryKib},t={Passes},p={Lanes}${ToBase64(Salt)}${ToBase64(Hash)}");

    private static bool TryNumber(string text, string prefix, out int number)
    {
        number = 0;
        return text.StartsWith(prefix, StringComparison.Ordinal)
            && int.TryParse(text.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    // The PHC format's base64 is the ordinary alphabet without padding.
    private static string ToBase64(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=');

    private static bool TryBase64(string text, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        if (text.Length % 4 == 1 || text.Contains('=') || text.Any(char.IsWhiteSpace)) return false;
        Span<byte> buffer = stackalloc byte[192];
        if (!Convert.TryFromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='), buffer, out int length)) return false;
        bytes = buffer[..length].ToArray();
        return true;
    }
}
