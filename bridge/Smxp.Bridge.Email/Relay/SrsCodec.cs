using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Smxp.Bridge.Email.Relay;

/// <summary>
/// The Sender Rewriting Scheme: a relayed mail's return path becomes an address of ours, so that SPF fits at the next server, and the original sender is inside it, so that a bounce finds its
/// way. <c>SRS0=hash=day=domain=local</c>; an address that a forwarder before us rewrote becomes <c>SRS1=hash=forwarder=rest</c> and stays that short. Pure but for the secret: local parts in,
/// local parts out. Servers on the way may change the case of letters; hash and day do not mind.
/// </summary>
internal sealed class SrsCodec(byte[] secret)
{
    /// <summary>Where there is no domain in it: the local part is a name under which the sender is remembered.</summary>
    public const string Remembered = "~";

    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";
    private const int HashLength = 6;
    private const int DayModulus = 1024;
    // Long enough for every queue (RFC 5321 §4.5.4.1 has senders try four to five days) and for slow readers of notices.
    private const int MostDays = 21;
    private const string Separators = "=+-";

    /// <summary>Whether a local part looks like a rewritten one, of whomever.</summary>
    public static bool IsRewritten(string local) => StartsWith(local, "SRS0") || StartsWith(local, "SRS1");

    /// <summary>The local part, at a domain of ours, that stands for a sender.</summary>
    /// <param name="local">The sender's local part.</param>
    /// <param name="domain">His domain, or <see cref="Remembered"/>.</param>
    /// <param name="now">The time.</param>
    public string Forward(string local, string domain, DateTimeOffset now)
    {
        if (StartsWith(local, "SRS0")) return Second(domain, local[4..]);
        if (StartsWith(local, "SRS1") && local[5..].Split('=', 3) is [_, { Length: > 0 } forwarder, { Length: > 0 } rest]) return Second(forwarder, rest);
        string day = Day(now);
        return $"SRS0={Hash($"{day}={domain}={local}")}={day}={domain}={local}";
    }

    /// <summary>The sender that a local part of ours stands for; null where it is forged, spoilt or too old.</summary>
    public (string Local, string Domain)? Reverse(string local, DateTimeOffset now)
    {
        if (StartsWith(local, "SRS0") && local[5..].Split('=', 4) is [var hash, var day, { Length: > 0 } domain, { Length: > 0 } original])
            return Fits(hash, $"{day}={domain}={original}") && IsFresh(day, now) ? (original, domain) : null;
        if (StartsWith(local, "SRS1") && local[5..].Split('=', 3) is [var hash1, { Length: > 0 } forwarder, { Length: > 0 } rest])
            return Fits(hash1, $"{forwarder}={rest}") ? ($"SRS0{rest}", forwarder) : null;
        return null;
    }

    // Its age is for the first forwarder to judge, to whom a bounce goes.
    private string Second(string forwarder, string rest) => $"SRS1={Hash($"{forwarder}={rest}")}={forwarder}={rest}";

    private static bool StartsWith(string local, string prefix) => local.Length > 5 && local.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) && Separators.Contains(local[4], StringComparison.Ordinal);

    private string Hash(string text)
    {
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(text.ToLowerInvariant()), mac);
        ulong bits = BinaryPrimitives.ReadUInt64BigEndian(mac);
        return string.Create(HashLength, bits, static (letters, bits) =>
        {
            for (int i = 0; i < letters.Length; i++) letters[i] = Alphabet[(int)(bits >> (59 - (5 * i))) & 31];
        });
    }

    private bool Fits(string hash, string text) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(hash.ToLowerInvariant()), Encoding.UTF8.GetBytes(Hash(text)));

    private static string Day(DateTimeOffset now)
    {
        int day = DayOf(now);
        return new string([Alphabet[day >> 5], Alphabet[day & 31]]);
    }

    private static int DayOf(DateTimeOffset now) => (int)(now.ToUnixTimeSeconds() / 86_400 % DayModulus);

    private static bool IsFresh(string day, DateTimeOffset now)
    {
        if (day.Length != 2) return false;
        int high = Alphabet.IndexOf(char.ToLowerInvariant(day[0]), StringComparison.Ordinal), low = Alphabet.IndexOf(char.ToLowerInvariant(day[1]), StringComparison.Ordinal);
        if (high < 0 || low < 0) return false;
        int age = (DayOf(now) - ((high << 5) | low) + DayModulus) % DayModulus;
        // A day ahead is another node's clock just past midnight.
        return age is <= MostDays or DayModulus - 1;
    }
}
