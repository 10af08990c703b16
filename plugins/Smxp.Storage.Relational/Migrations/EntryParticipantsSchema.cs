using FluentMigrator;

namespace Smxp.Storage.Relational.Migrations;

/// <summary>Entries name everybody a message is between, where there are more than two.</summary>
[Tags(SchemaTags.Messages)]
[Migration(2026_02_11, "Participants of entries")]
public sealed class EntryParticipantsSchema : ForwardOnlyMigration
{
    /// <inheritdoc/>
    public override void Up() => Alter.Table("entries").AddColumn("participants").AsString(int.MaxValue).Nullable();
}
