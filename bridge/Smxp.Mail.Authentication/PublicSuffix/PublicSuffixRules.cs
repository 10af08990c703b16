using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Smxp.Mail.Authentication.Dns;

namespace Smxp.Mail.Authentication.PublicSuffix;

/// <summary>The text form of the Public Suffix List: a rule a line, <c>*.</c> in front of a wildcard and <c>!</c> of an exception, comments behind <c>//</c>.</summary>
internal sealed class PublicSuffixRules
{
    // The list has a quarter of a megabyte and some ten thousand rules.
    private const int MaxBytes = 8 * 1024 * 1024;
    private const int FewestRules = 1000;

    private static readonly string[] Sections = ["===BEGIN ICANN DOMAINS===", "===END ICANN DOMAINS===", "===BEGIN PRIVATE DOMAINS===", "===END PRIVATE DOMAINS==="];

    private static readonly SearchValues<char> NotInNames = SearchValues.Create("*!<>/\"'&;=");

    private readonly HashSet<string> _sections = new(StringComparer.Ordinal);

    /// <summary>Rules as they stand.</summary>
    public HashSet<string> Plain { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Wildcards without their <c>*.</c>.</summary>
    public HashSet<string> Wildcards { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Exceptions without their <c>!</c>.</summary>
    public HashSet<string> Exceptions { get; } = new(StringComparer.OrdinalIgnoreCase);

    public int Count => Plain.Count + Wildcards.Count + Exceptions.Count;

    public static bool TryRead(Stream stream, [NotNullWhen(true)] out PublicSuffixRules? rules, [NotNullWhen(false)] out string? fault)
    {
        rules = null;
        fault = null;
        var read = new PublicSuffixRules();
        using var reader = new StreamReader(new BoundedStream(stream, MaxBytes), new UTF8Encoding(false, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: false, leaveOpen: true);
        try
        {
            for (int number = 1; reader.ReadLine() is { } line; number++)
            {
                if (read.TryAdd(line)) continue;
                fault = $"line {number} is no rule";
                return false;
            }
        }
        catch (DecoderFallbackException)
        {
            fault = "it is not UTF-8";
            return false;
        }
        catch (InvalidDataException)
        {
            fault = "it is too long";
            return false;
        }

        rules = read;
        return true;
    }

    /// <summary>Whether this can be the list.</summary>
    public bool IsPlausible([NotNullWhen(false)] out string? fault)
    {
        fault = Sections.FirstOrDefault(section => !_sections.Contains(section)) is { } missing ? $"{missing} is missing"
            : Count < FewestRules ? $"it has only {Count} rules"
            : !(Plain.Contains("com") && Plain.Contains("co.uk") && Wildcards.Contains("ck") && Exceptions.Contains("www.ck")) ? "rules that it always had are missing"
            : null;
        return fault is null;
    }

    public static async Task CopyBoundedAsync(Stream from, Stream to, CancellationToken cancellationToken)
    {
        var bounded = new BoundedStream(from, MaxBytes);
        await using (bounded.ConfigureAwait(false))
            await bounded.CopyToAsync(to, cancellationToken).ConfigureAwait(false);
    }

    // A rule ends at the first white space.
    private bool TryAdd(string line)
    {
        if (line.StartsWith("//", StringComparison.Ordinal))
        {
            _sections.Add(line[2..].Trim());
            return true;
        }

        int end = line.AsSpan().IndexOfAny(' ', '\t');
        string rule = end < 0 ? line : line[..end];
        if (rule.Length == 0) return string.IsNullOrWhiteSpace(line);
        var (set, text) = rule[0] == '!' ? (Exceptions, rule[1..]) : rule.StartsWith("*.", StringComparison.Ordinal) ? (Wildcards, rule[2..]) : (Plain, rule);
        // Rules are published as U-labels; names are compared as A-labels. A "*" elsewhere than in front is allowed by the format and used by nobody.
        if (text.AsSpan().ContainsAny(NotInNames) || !DomainName.TryNormalize(text, out string? name)) return false;
        set.Add(name);
        return true;
    }

    private sealed class BoundedStream(Stream inner, long left) : Stream
    {
        private long _left = left;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => Counted(inner.Read(buffer, offset, count));

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => Counted(await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        private int Counted(int read) => (_left -= read) < 0 ? throw new InvalidDataException("longer than allowed") : read;
    }
}
