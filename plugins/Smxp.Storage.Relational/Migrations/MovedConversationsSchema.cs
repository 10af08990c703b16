using FluentMigrator;

namespace Smxp.Storage.Relational.Migrations;

/// <summary>
/// Conversations can be merged and split. An entry that lies elsewhere than its envelope says remembers the conversation it names, and that conversation that something of it lies elsewhere:
/// so nothing need be looked for in the conversations, nearly all, of which nothing was ever moved.
/// </summary>
[Tags(SchemaTags.Messages)]
[Migration(2026_02_30, "Merged and split conversations")]
public sealed class MovedConversationsSchema : ForwardOnlyMigration
{
    /// <inheritdoc/>
    public override void Up()
    {
        Alter.Table("conversations").AddColumn("merged_into").AsInt64().Nullable();
        Alter.Table("conversations").AddColumn("parted").AsBoolean().NotNullable().WithDefaultValue(false);
        Alter.Table("entries").AddColumn("named_no").AsInt64().Nullable();
        Execute.Sql("CREATE INDEX ix_entries_named ON entries (named_no, lane) WHERE named_no IS NOT NULL");
    }
}
