namespace Smxp.Fuzz;

/// <summary>Makes cases of seeds: bits flipped, pieces cut, doubled, moved and spliced, words put in. The number of a case and the seed decide what it is.</summary>
internal sealed class Mutator(IReadOnlyList<byte[]> seeds, IReadOnlyList<byte[]> words, int seed)
{
    public const int MaxLength = 256 * 1024;

    private const int MostChanges = 12;
    private const int LongRun = 3000;

    public byte[] Case(long number)
    {
        var random = new Random(HashCode(number));
        // Each seed goes once as it is.
        if (number < seeds.Count) return seeds[(int)number];
        var bytes = new List<byte>(Pick(seeds, random));
        for (int i = random.Next(1, MostChanges + 1); i > 0; i--) Change(bytes, random);
        return [.. bytes.Take(MaxLength)];
    }

    // Not System.HashCode, which differs from process to process.
    private int HashCode(long number) => unchecked((int)(((ulong)number * 0x9E3779B97F4A7C15 + (ulong)seed * 0xD1B54A32D192ED03) >> 29));

    private void Change(List<byte> bytes, Random random)
    {
        int at = random.Next(bytes.Count + 1);
        int length = random.Next(Math.Min(bytes.Count - at, random.Next(8) == 0 ? 4096 : 32) + 1);
        switch (random.Next(10))
        {
            case 0 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when at < bytes.Count:
                bytes[at] = (byte)random.Next(256);
                break;
            case 2:
                bytes.RemoveRange(at, length);
                break;
            case 3:
                bytes.InsertRange(random.Next(bytes.Count + 1), bytes.GetRange(at, length));
                break;
            case 4:
                Splice(bytes, at, random);
                break;
            case 5:
                Overwrite(bytes, at, Pick(words, random));
                break;
            case 6 when random.Next(4) == 0:
                Repeat(bytes, at, random.Next(3) == 0 ? [(byte)random.Next(256)] : Pick(words, random), random);
                break;
            case 7 when random.Next(8) == 0:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            default:
                bytes.InsertRange(at, Pick(words, random));
                break;
        }
    }

    // The beginning of one, the end of another.
    private void Splice(List<byte> bytes, int at, Random random)
    {
        byte[] other = Pick(seeds, random);
        bytes.RemoveRange(at, bytes.Count - at);
        bytes.AddRange(other.AsSpan(random.Next(other.Length + 1)).ToArray());
    }

    private static void Overwrite(List<byte> bytes, int at, byte[] word)
    {
        for (int i = 0; i < word.Length && at + i < bytes.Count; i++) bytes[at + i] = word[i];
    }

    private static void Repeat(List<byte> bytes, int at, byte[] word, Random random)
    {
        for (int i = random.Next(LongRun); i > 0 && bytes.Count < MaxLength; i--) bytes.InsertRange(Math.Min(at, bytes.Count), word);
    }

    private static byte[] Pick(IReadOnlyList<byte[]> list, Random random) => list[random.Next(list.Count)];
}
