using FluentMigrator;

namespace Smxp.Storage.Relational.Migrations;

/// <summary>The tables of the outbox and of what bridges remember; they stand beside the messages, to commit with them.</summary>
[Tags(SchemaTags.Messages)]
[Migration(2026_01_04, "Outbox and bridge records")]
public sealed class OutboxSchema : ForwardOnlyMigration
{
    /// <inheritdoc/>
    public override void Up()
    {
        Create.Table("outbox")
            .WithColumn("id").AsString(64).PrimaryKey()
            .WithColumn("message_id").AsString(512).Indexed("ix_outbox_message")
            .WithColumn("sender").AsString(512).Nullable()
            .WithColumn("recipient").AsString(512)
            .WithColumn("destination").AsString(512)
            .WithColumn("transport").AsString(32).Nullable()
            .WithColumn("send_group").AsString(512).Nullable()
            .WithColumn("envelope_no").AsInt64()
            .WithColumn("owns_envelope").AsBoolean()
            .WithColumn("attempts").AsInt32()
            .WithColumn("due_at").AsInt64()
            .WithColumn("free_at").AsInt64()
            .WithColumn("leased_by").AsString(128).Nullable()
            .WithColumn("leased_until").AsInt64().Nullable()
            .WithColumn("created_at").AsInt64()
            .WithColumn("expires_at").AsInt64()
            .WithColumn("last_error").AsString(int.MaxValue).Nullable();

        // free_at is when an entry may be taken: when it is due, or when its lease ends, whichever is later. So one index finds both. An envelope that no mailbox
        // shows (a forward's) is owned: it goes with its entry.
        Create.Index("ix_outbox_free").OnTable("outbox").OnColumn("free_at").Ascending().OnColumn("destination").Ascending().OnColumn("id").Ascending();
        Execute.Sql("CREATE INDEX ix_outbox_leased ON outbox (leased_by, destination) WHERE leased_by IS NOT NULL");
        Create.Table("bridge_records")
            .WithColumn("bridge").AsString(64).PrimaryKey()
            .WithColumn("mailbox").AsString(512).PrimaryKey()
            .WithColumn("record_key").AsString(int.MaxValue).PrimaryKey()
            .WithColumn("value").AsBinary(int.MaxValue)
            .WithColumn("is_unique").AsBoolean();
    }
}
