namespace Smxp.Storage.Relational.Migrations;

/// <summary>
/// The schema versions this binary knows, and which tables they belong to. A list, and no search through the assembly: that would load every library the migrations
/// and queries are written with, on every start, to learn that nothing is to be done. A test holds it to the migrations.
/// </summary>
internal sealed class KnownMigrations(params IReadOnlyList<(long Version, string Tag)> all)
{
    /// <summary>The versions every SQL driver has.</summary>
    public static IReadOnlyList<(long Version, string Tag)> Shared { get; } =
    [
        (2026_01_01, SchemaTags.State),
        (2026_01_02, SchemaTags.State),
        (2026_01_03, SchemaTags.Messages),
        (2026_01_04, SchemaTags.Messages),
        (2026_01_06, SchemaTags.Messages),
        (2026_01_07, SchemaTags.Messages),
        (2026_01_10, SchemaTags.Messages),
        (2026_01_20, SchemaTags.Messages),
        (2026_02_10, SchemaTags.Messages),
        (2026_02_11, SchemaTags.Messages),
        (2026_02_20, SchemaTags.Messages),
        (2026_02_30, SchemaTags.Messages),
    ];

    /// <summary>The versions.</summary>
    public IReadOnlyList<(long Version, string Tag)> All => all;

    /// <summary>Whether a database with these versions has everything of a tag.</summary>
    public bool IsUpToDate(string tag, IReadOnlySet<long> applied) => all.Where(known => known.Tag == tag).All(known => applied.Contains(known.Version));

    /// <summary>Refuses a database that a newer binary has changed: this one would not understand what it reads, and might spoil it.</summary>
    public void RefuseNewer(IReadOnlySet<long> applied, string where)
    {
        long[] unknown = [.. applied.Except(all.Select(static known => known.Version)).Order()];
        if (unknown.Length > 0)
            throw new InvalidOperationException($"{where} has schema version {unknown[^1]}, which this version of Smxp does not know. Run the newer version that made it, or restore a backup.");
    }
}
