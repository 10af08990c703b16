using FluentMigrator;

namespace Smxp.Storage.Relational.Migrations;

/// <summary>Entries know what was found out about their origin, where they came as email.</summary>
[Tags(SchemaTags.Messages)]
[Migration(2026_02_20, "Authentication of email")]
public sealed class AuthenticationSchema : ForwardOnlyMigration
{
    /// <inheritdoc/>
    public override void Up() => Alter.Table("entries").AddColumn("authentication").AsString(100).Nullable();
}
