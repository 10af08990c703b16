namespace Smxp.Host.Blobs;

/// <summary>Bytes from the first to the last, both included.</summary>
internal readonly record struct ByteRange(long First, long Last)
{
    public long Length => Last - First + 1;
}

/// <summary>Reads the Range header (RFC 9110 §14.1.2, §14.2).</summary>
internal static class RangeHeader
{
    private const string Unit = "bytes=";
    private const int MaxRanges = 16;

    /// <summary>
    /// The satisfiable ranges asked for, in their order; none of them where all lie beyond the end (416); null where the header is to be ignored: absent,
    /// of another unit, malformed, or asking for the same bytes twice or for very many pieces (RFC 9110 §14.2 lets a server protect itself so).
    /// </summary>
    public static IReadOnlyList<ByteRange>? Read(string? header, long size)
    {
        if (header is null || !header.StartsWith(Unit, StringComparison.OrdinalIgnoreCase)) return null;
        string[] specs = header[Unit.Length..].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (specs.Length is 0 or > MaxRanges) return null;

        var ranges = new List<ByteRange>(specs.Length);
        foreach (string spec in specs)
        {
            if (!TryRead(spec, size, out var range)) return null;
            if (range is { } satisfiable) ranges.Add(satisfiable);
        }

        return Overlap(ranges) ? null : ranges;
    }

    /// <summary>Reads one range; false where it is malformed, null in <paramref name="range"/> where it cannot be satisfied.</summary>
    private static bool TryRead(string spec, long size, out ByteRange? range)
    {
        range = null;
        int dash = spec.IndexOf('-', StringComparison.Ordinal);
        if (dash < 0 || !TryPosition(spec[..dash], out long? first) || !TryPosition(spec[(dash + 1)..], out long? last)) return false;
        if (first is null)
        {
            if (last is null) return false;
            if (last > 0) range = new ByteRange(Math.Max(0, size - last.Value), size - 1);
            return true;
        }

        if (last < first) return false;
        if (first < size) range = new ByteRange(first.Value, Math.Min(last ?? long.MaxValue, size - 1));
        return true;
    }

    /// <summary>Reads digits, however many: what is too large for a number is beyond any end.</summary>
    private static bool TryPosition(string digits, out long? position)
    {
        position = null;
        if (digits.Length == 0) return true;
        if (!digits.All(char.IsAsciiDigit)) return false;
        position = long.TryParse(digits, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out long value) ? value : long.MaxValue;
        return true;
    }

    private static bool Overlap(List<ByteRange> ranges)
    {
        var ordered = ranges.OrderBy(range => range.First).ToList();
        return ordered.Zip(ordered.Skip(1)).Any(pair => pair.Second.First <= pair.First.Last);
    }
}
