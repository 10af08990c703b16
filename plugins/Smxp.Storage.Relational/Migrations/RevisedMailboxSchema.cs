using FluentMigrator;

namespace Smxp.Storage.Relational.Migrations;

/// <summary>Mailboxes know whether they ever held an edit or delete, so that in all others a message need not look for one that waits for it.</summary>
[Tags(SchemaTags.Messages)]
[Migration(2026_01_07, "Mailboxes with edits")]
public sealed class RevisedMailboxSchema : ForwardOnlyMigration
{
    /// <inheritdoc/>
    public override void Up()
    {
        Alter.Table("mailboxes").AddColumn("revised").AsBoolean().NotNullable().WithDefaultValue(false);
        Execute.Sql("UPDATE mailboxes SET revised = TRUE WHERE EXISTS (SELECT 1 FROM entries e WHERE e.mailbox_no = mailboxes.mailbox_no AND e.target_id IS NOT NULL)");
    }
}
