using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Smxp.Bridge.Email.ReturnPaths;

/// <summary>
/// What shows that this server gave an address out: a keyed hash and the day, short, in letters. Servers on the way may change the case of letters; neither minds.
/// </summary>
internal sealed class LocalPartSeal(byte[] secret)
{
    /// <summary>How long a hash is.</summary>
    public const int HashLength = 6;

    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";
    private const int DayModulus = 1024;

    // Long enough for every queue (RFC 5321 §4.5.4.1 has senders try four to five days) and for slow readers of notices.
    private const int MostDays = 21;

    /// <summary>The hash of a text.</summary>
    public string Hash(string text)
    {
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(text.ToLowerInvariant()), mac);
        ulong bits = BinaryPrimitives.ReadUInt64BigEndian(mac);
        return string.Create(HashLength, bits, static (letters, bits) =>
        {
            for (int i = 0; i < letters.Length; i++) letters[i] = Alphabet[(int)(bits >> (59 - (5 * i))) & 31];
        });
    }

    /// <summary>Whether a hash is this text's.</summary>
    public bool Fits(string hash, string text) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(hash.ToLowerInvariant()), Encoding.UTF8.GetBytes(Hash(text)));

    /// <summary>A day in two letters.</summary>
    public static string Day(DateTimeOffset now)
    {
        int day = Number(now) % DayModulus;
        return new string([Alphabet[day >> 5], Alphabet[day & 31]]);
    }

    /// <summary>The day that two letters mean, as <see cref="Number"/> counts; null where they mean none, or one too long ago.</summary>
    public static int? FreshDay(string letters, DateTimeOffset now)
    {
        if (letters.Length != 2) return null;
        int high = Alphabet.IndexOf(char.ToLowerInvariant(letters[0]), StringComparison.Ordinal), low = Alphabet.IndexOf(char.ToLowerInvariant(letters[1]), StringComparison.Ordinal);
        if (high < 0 || low < 0) return null;
        int today = Number(now), age = ((today % DayModulus) - ((high << 5) | low) + DayModulus) % DayModulus;
        // A day ahead is another node's clock just past midnight.
        return age <= MostDays ? today - age : age == DayModulus - 1 ? today + 1 : null;
    }

    /// <summary>The first day that is not too long ago.</summary>
    public static int OldestDay(DateTimeOffset now) => Number(now) - MostDays;

    /// <summary>Days since 1970.</summary>
    public static int Number(DateTimeOffset now) => (int)(now.ToUnixTimeSeconds() / 86_400);
}
