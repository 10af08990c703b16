namespace Smxp.Host.Cli.Demo;

/// <summary>Who lives on the demo's server.</summary>
internal static class DemoAccounts
{
    public const string Domain = "example.test";
    public const string Alice = $"alice@{Domain}";
    public const string Bob = $"bob@{Domain}";
    public const string AlicePassword = "alice-in-the-demo";
    public const string BobPassword = "bob-in-the-demo";
}
