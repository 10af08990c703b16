using System.Diagnostics.CodeAnalysis;

namespace Smxp.Mail.Authentication.PublicSuffix;

/// <summary>The Public Suffix List: under which names strangers may register. It tells the organisational domain of a name (RFC 7489 §3.2).
/// One ships beside this assembly; a newer one may be put in its place in a data folder.</summary>
public sealed class PublicSuffixList
{
    /// <summary>The file's name, beside the assembly and in a data folder.</summary>
    public const string FileName = "public_suffix_list.dat";

    private static readonly Lazy<PublicSuffixList> LazyShipped = new(static () => Load(ShippedPath()));

    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _rules;
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _wildcards;
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _exceptions;

    internal PublicSuffixList(PublicSuffixRules rules)
    {
        Count = rules.Count;
        _rules = rules.Plain.GetAlternateLookup<ReadOnlySpan<char>>();
        _wildcards = rules.Wildcards.GetAlternateLookup<ReadOnlySpan<char>>();
        _exceptions = rules.Exceptions.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>The list that ships with this assembly; read when first asked for.</summary>
    public static PublicSuffixList Shipped => LazyShipped.Value;

    /// <summary>How many rules there are.</summary>
    public int Count { get; }

    /// <summary>The list in a folder where there is a good one, otherwise the shipped one.</summary>
    public static PublicSuffixList LoadFrom(string dataDirectory)
    {
        string path = Path.Combine(dataDirectory, FileName);
        if (!File.Exists(path)) return Shipped;
        using var stream = File.OpenRead(path);
        return TryParse(stream, out var list, out _) ? list : Shipped;
    }

    /// <summary>Reads a list and refuses what cannot be one: too long, cut off, an error page, rules that everybody knows missing. The fault says which.</summary>
    public static bool TryParse(Stream stream, [NotNullWhen(true)] out PublicSuffixList? list, [NotNullWhen(false)] out string? fault)
    {
        list = null;
        if (!PublicSuffixRules.TryRead(stream, out var rules, out fault) || !rules.IsPlausible(out fault)) return false;
        list = new PublicSuffixList(rules);
        return true;
    }

    /// <summary>Puts a list that was fetched into a folder, if it is a good one; the one there stays otherwise. Readers see the old file or the new one, never a half.</summary>
    /// <returns>Null when it was put there; otherwise why not.</returns>
    public static async Task<string?> InstallAsync(Stream fetched, string dataDirectory, CancellationToken cancellationToken)
    {
        string part = Path.Combine(dataDirectory, $"{FileName}.{Guid.NewGuid():N}.part");
        try
        {
            var file = File.Create(part);
            await using (file.ConfigureAwait(false))
            {
                await PublicSuffixRules.CopyBoundedAsync(fetched, file, cancellationToken).ConfigureAwait(false);
                file.Flush(flushToDisk: true);
                file.Position = 0;
                if (!TryParse(file, out _, out string? fault)) return fault;
            }

            File.Move(part, Path.Combine(dataDirectory, FileName), overwrite: true);
            return null;
        }
        finally
        {
            File.Delete(part);
        }
    }

    /// <summary>The part of a name under which strangers may register. The name is in A-labels, without a trailing dot.</summary>
    public string PublicSuffix(string name) => name[SuffixStart(name)..];

    /// <summary>The organisational domain: the public suffix and one label more; the name itself where it has no such label.</summary>
    public string OrganizationalDomain(string name)
    {
        int suffix = SuffixStart(name);
        if (suffix == 0) return name;
        int dot = name.AsSpan(0, suffix - 1).LastIndexOf('.');
        return name[(dot + 1)..];
    }

    // Of the rules that match the one with most labels prevails, an exception before any; where none matches it is "*". So the longest candidate is asked first.
    private int SuffixStart(string name)
    {
        for (int start = 0; ;)
        {
            var candidate = name.AsSpan(start);
            int dot = candidate.IndexOf('.');
            if (_exceptions.Contains(candidate)) return start + dot + 1;
            if (dot < 0 || _rules.Contains(candidate) || _wildcards.Contains(candidate[(dot + 1)..])) return start;
            start += dot + 1;
        }
    }

    private static PublicSuffixList Load(string path)
    {
        using var stream = File.OpenRead(path);
        return TryParse(stream, out var list, out string? fault) ? list : throw new InvalidDataException($"{path}: {fault}");
    }

    private static string ShippedPath()
    {
        string? folder = Path.GetDirectoryName(typeof(PublicSuffixList).Assembly.Location);
        return Path.Combine(string.IsNullOrEmpty(folder) ? AppContext.BaseDirectory : folder, FileName);
    }
}
