using FluentMigrator;

namespace Smxp.Storage.Relational.Migrations;

/// <summary>How often in a row an entry of the outbox met a fault of ours.</summary>
[Tags(SchemaTags.Messages)]
[Migration(2026_01_10, "Faults of outbox entries")]
public sealed class OutboxFaultsSchema : ForwardOnlyMigration
{
    /// <inheritdoc/>
    public override void Up() => Alter.Table("outbox").AddColumn("faults").AsInt32().NotNullable().WithDefaultValue(0);
}
