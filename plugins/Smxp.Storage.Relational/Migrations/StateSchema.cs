using FluentMigrator;

namespace Smxp.Storage.Relational.Migrations;

/// <summary>The tables of the state store.</summary>
[Tags(SchemaTags.State)]
[Migration(2026_01_01, "State")]
public sealed class StateSchema : ForwardOnlyMigration
{
    /// <inheritdoc/>
    public override void Up()
    {
        Create.Table("domains")
            .WithColumn("name").AsString(253).PrimaryKey()
            .WithColumn("created_at").AsInt64();
        Create.Table("domain_keys")
            .WithColumn("domain").AsString(253).PrimaryKey()
            .WithColumn("key_id").AsString(64).PrimaryKey()
            .WithColumn("algorithm").AsString(32)
            .WithColumn("public_key").AsBinary(int.MaxValue)
            .WithColumn("secret_key").AsBinary(int.MaxValue)
            .WithColumn("created_at").AsInt64()
            .WithColumn("retired_at").AsInt64().Nullable();
        Create.Table("addresses")
            .WithColumn("address").AsString(512).PrimaryKey()
            .WithColumn("domain").AsString(253).Indexed("ix_addresses_domain")
            .WithColumn("password_hash").AsString(512).Nullable()
            .WithColumn("created_at").AsInt64();
        Create.Table("tokens")
            .WithColumn("id").AsString(128).PrimaryKey()
            .WithColumn("owner").AsString(512)
            .WithColumn("domain").AsString(253).Indexed("ix_tokens_domain")
            .WithColumn("kind").AsString(16)
            .WithColumn("hash").AsBinary(32).Unique("ux_tokens_hash")
            .WithColumn("name").AsString(int.MaxValue).Nullable()
            .WithColumn("created_at").AsInt64()
            .WithColumn("expires_at").AsInt64().Nullable().Indexed("ix_tokens_expires")
            .WithColumn("last_used").AsInt64().Nullable();
        Create.Index("ix_tokens_owner").OnTable("tokens").OnColumn("owner").Ascending().OnColumn("kind").Ascending();
        Create.Table("routes")
            .WithColumn("id").AsString(128).PrimaryKey()
            .WithColumn("domain").AsString(253).Indexed("ix_routes_domain")
            .WithColumn("pattern").AsString(512)
            .WithColumn("target_address").AsString(512)
            .WithColumn("priority").AsInt32()
            .WithColumn("enabled").AsBoolean()
            .WithColumn("created_at").AsInt64();
        Create.Table("delegations")
            .WithColumn("serial").AsInt64().PrimaryKey()
            .WithColumn("id").AsString(128).Unique("ux_delegations_id")
            .WithColumn("owner").AsString(512)
            .WithColumn("domain").AsString(253).Indexed("ix_delegations_domain")
            .WithColumn("delegate").AsString(512).Indexed("ix_delegations_delegate")
            .WithColumn("scope").AsString(16)
            .WithColumn("created_at").AsInt64()
            .WithColumn("expires_at").AsInt64().Nullable();
        Create.Index("ix_delegations_owner").OnTable("delegations").OnColumn("owner").Ascending().OnColumn("delegate").Ascending();
        Create.Table("peer_keys")
            .WithColumn("domain").AsString(253).PrimaryKey()
            .WithColumn("key_id").AsString(128).PrimaryKey()
            .WithColumn("algorithm").AsString(32)
            .WithColumn("public_key").AsBinary(int.MaxValue)
            .WithColumn("expires_at").AsInt64();
        Create.Table("used_nonces")
            .WithColumn("nonce").AsString(512).PrimaryKey()
            .WithColumn("expires_at").AsInt64().Indexed("ix_used_nonces_expires");
    }
}
