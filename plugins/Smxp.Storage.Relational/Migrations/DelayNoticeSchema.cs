using FluentMigrator;

namespace Smxp.Storage.Relational.Migrations;

/// <summary>Outbox entries remember whether their sender was told of a delay, which happens once.</summary>
[Tags(SchemaTags.Messages)]
[Migration(2026_01_20, "Delay notices")]
public sealed class DelayNoticeSchema : ForwardOnlyMigration
{
    /// <inheritdoc/>
    public override void Up() => Alter.Table("outbox").AddColumn("noticed").AsBoolean().NotNullable().WithDefaultValue(false);
}
