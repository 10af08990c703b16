using FluentMigrator;

namespace Smxp.Storage.Relational.Migrations;

/// <summary>Mailboxes count their own unread messages, so that asking for the number does not visit every unread conversation.</summary>
[Tags(SchemaTags.Messages)]
[Migration(2026_01_06, "Unread messages of a mailbox")]
public sealed class MailboxUnreadSchema : ForwardOnlyMigration
{
    /// <inheritdoc/>
    public override void Up()
    {
        Alter.Table("mailboxes").AddColumn("unread").AsInt32().NotNullable().WithDefaultValue(0);
        Execute.Sql("UPDATE mailboxes SET unread = (SELECT COALESCE(SUM(c.unread), 0) FROM conversations c WHERE c.mailbox_no = mailboxes.mailbox_no AND c.unread > 0)");
    }
}
