using FluentMigrator;

namespace Smxp.Storage.Relational.Migrations;

/// <summary>
/// The tables of the mailboxes. An envelope is stored once and named by every entry that shows it: the sender's and the recipient's copy, and what an edit replaced.
/// Conversations hold their own counters, so that no list counts messages.
/// </summary>
[Tags(SchemaTags.Messages)]
[Migration(2026_01_03, "Messages")]
public sealed class MessageSchema : ForwardOnlyMigration
{
    /// <inheritdoc/>
    public override void Up()
    {
        Create.Table("mailboxes")
            .WithColumn("mailbox_no").AsInt64().PrimaryKey()
            .WithColumn("address").AsString(512).Unique("ux_mailboxes_address")
            .WithColumn("last_sequence").AsInt64();
        Create.Table("conversations")
            .WithColumn("conversation_no").AsInt64().PrimaryKey()
            .WithColumn("mailbox_no").AsInt64()
            .WithColumn("conversation_id").AsString(int.MaxValue)
            .WithColumn("last_entry").AsInt64().Nullable()
            .WithColumn("messages").AsInt32()
            .WithColumn("unread").AsInt32()
            .WithColumn("participants").AsString(int.MaxValue).Nullable();
        Create.Table("envelopes")
            .WithColumn("envelope_no").AsInt64().PrimaryKey()
            .WithColumn("bytes").AsBinary(int.MaxValue);
        Create.Table("entries")
            .WithColumn("entry_id").AsInt64().PrimaryKey()
            .WithColumn("mailbox_no").AsInt64()
            .WithColumn("lane").AsInt32()
            .WithColumn("conversation_no").AsInt64()
            .WithColumn("message_id").AsString(512)
            .WithColumn("target_id").AsString(512).Nullable()
            .WithColumn("recipient").AsString(512).Nullable()
            .WithColumn("timestamp").AsInt64()
            .WithColumn("modified_sequence").AsInt64()
            .WithColumn("envelope_no").AsInt64().Nullable()
            .WithColumn("current_no").AsInt64().Nullable()
            .WithColumn("edited_by").AsString(512).Nullable()
            .WithColumn("deleted").AsBoolean()
            .WithColumn("read_status").AsInt32()
            .WithColumn("status").AsInt32().Nullable()
            .WithColumn("error").AsString(int.MaxValue).Nullable()
            .WithColumn("delivered_to").AsString(int.MaxValue)
            .WithColumn("verified").AsBoolean()
            .WithColumn("on_behalf_of").AsString(int.MaxValue).Nullable()
            .WithColumn("transport").AsString(32)
            .WithColumn("search_text").AsString(int.MaxValue).Nullable()
            .WithColumn("affected").AsString(int.MaxValue).Nullable()
            .WithColumn("created_at").AsInt64();
        Create.Index("ux_conversations_id").OnTable("conversations").OnColumn("mailbox_no").Ascending().OnColumn("conversation_id").Ascending().WithOptions().Unique();
        Create.Index("ix_conversations_last").OnTable("conversations").OnColumn("mailbox_no").Ascending().OnColumn("last_entry").Ascending();
        Create.Index("ix_entries_lane").OnTable("entries").OnColumn("mailbox_no").Ascending().OnColumn("lane").Ascending().OnColumn("entry_id").Ascending();
        Create.Index("ix_entries_conversation").OnTable("entries").OnColumn("conversation_no").Ascending().OnColumn("lane").Ascending().OnColumn("entry_id").Ascending();

        // Partial indexes: they hold the few rows that a change must find, not the many it need not look at. Queries repeat their conditions as literals.
        Execute.Sql("CREATE INDEX ix_conversations_unread ON conversations (mailbox_no) WHERE unread > 0");
        Execute.Sql("CREATE UNIQUE INDEX ux_entries_id ON entries (mailbox_no, message_id, lane) WHERE lane < 6");
        Execute.Sql("CREATE INDEX ix_entries_receipt ON entries (mailbox_no, message_id) WHERE lane IN (6, 7)");
        Execute.Sql("CREATE INDEX ix_entries_target ON entries (mailbox_no, target_id) WHERE target_id IS NOT NULL");
        Execute.Sql("CREATE INDEX ix_entries_unseen ON entries (conversation_no, read_status) WHERE lane = 0 AND read_status < 2");
        Execute.Sql("CREATE INDEX ix_entries_unacknowledged ON entries (conversation_no, recipient, timestamp) WHERE lane = 1 AND read_status < 2");
    }
}
