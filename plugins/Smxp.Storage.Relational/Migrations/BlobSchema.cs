using FluentMigrator;

namespace Smxp.Storage.Relational.Migrations;

/// <summary>The tables of blob records and the tokens that open them.</summary>
[Tags(SchemaTags.State)]
[Migration(2026_01_02, "Blob records")]
public sealed class BlobSchema : ForwardOnlyMigration
{
    /// <inheritdoc/>
    public override void Up()
    {
        Create.Table("blobs")
            .WithColumn("id").AsString(128).PrimaryKey()
            .WithColumn("owner").AsString(512)
            .WithColumn("size").AsInt64()
            .WithColumn("sha256").AsString(64)
            .WithColumn("content_type").AsString(int.MaxValue).Nullable()
            .WithColumn("name").AsString(int.MaxValue).Nullable()
            .WithColumn("created_at").AsInt64()
            .WithColumn("finalized_at").AsInt64().Nullable();
        Create.Index("ix_blobs_owner").OnTable("blobs").OnColumn("owner").Ascending().OnColumn("created_at").Ascending().OnColumn("id").Ascending();
        Create.Index("ix_blobs_unfinished").OnTable("blobs").OnColumn("finalized_at").Ascending().OnColumn("created_at").Ascending();
        Create.Table("blob_tokens")
            .WithColumn("id").AsString(128).PrimaryKey()
            .WithColumn("blob_id").AsString(128).Indexed("ix_blob_tokens_blob")
            .WithColumn("hash").AsBinary(32).Unique("ux_blob_tokens_hash")
            .WithColumn("recipient").AsString(int.MaxValue).Nullable()
            .WithColumn("created_at").AsInt64()
            .WithColumn("expires_at").AsInt64().Nullable();
    }
}
