using FluentMigrator;
using Smxp.Storage.Relational.Migrations;

namespace Smxp.Storage.Sqlite;

/// <summary>The full-text index of messages (<see href="https://sqlite.org/fts5.html"/>).</summary>
/// <remarks>
/// It holds no text, only which entry has which word. The words come ready and parted by blanks (every other character is a word's), so that a query can never
/// fall apart into more words than it has; the index folds case and takes diacritics off.
/// </remarks>
[Tags(SchemaTags.Messages)]
[Migration(2026_01_05, "Search")]
public sealed class SqliteSearchSchema : ForwardOnlyMigration
{
    /// <inheritdoc/>
    public override void Up()
    {
        Execute.Sql(
        """
        CREATE VIRTUAL TABLE search USING fts5(words, content='', contentless_delete=1, detail=none,
        tokenize="unicode61 remove_diacritics 2 categories 'L* M* N* P* S* Z* C*' separators ' '")
        """);

        Create.Table("search_pending")
            .WithColumn("entry_id").AsInt64().PrimaryKey()
            .WithColumn("words").AsString(int.MaxValue).Nullable()
            .WithColumn("is_new").AsBoolean();

        // Merging segments is most of what the index costs. Merging sixteen at a time instead of four halves it, for a few more look-ups in a search.
        Execute.Sql("INSERT INTO search (search, rank) VALUES ('automerge', 16)");
        Execute.Sql("INSERT INTO search (search, rank) VALUES ('crisismerge', 32)");
    }
}
