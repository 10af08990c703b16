namespace Smxp.Storage.Relational.Migrations;

/// <summary>Which database a migration belongs to. State and messages may live apart, and each brings its own tables.</summary>
internal static class SchemaTags
{
    public const string State = "state";
    public const string Messages = "messages";
}
