using FluentMigrator;

namespace Smxp.Storage.Relational.Migrations;

/// <summary>Outbox entries know everybody the send call went to, and whether its sender asked for a receipt.</summary>
[Tags(SchemaTags.Messages)]
[Migration(2026_02_10, "Audiences of outbox entries")]
public sealed class OutboxAudienceSchema : ForwardOnlyMigration
{
    /// <inheritdoc/>
    public override void Up() => Alter.Table("outbox")
        .AddColumn("audience").AsString(int.MaxValue).Nullable()
        .AddColumn("asks_receipt").AsBoolean().NotNullable().WithDefaultValue(false);
}
