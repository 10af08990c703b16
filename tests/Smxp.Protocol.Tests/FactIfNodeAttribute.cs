namespace Smxp.Protocol.Tests;

/// <summary>For tests that ask a real JavaScript engine. Where there is none, they are skipped by name.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FactIfNodeAttribute : FactAttribute
{
    public static readonly string? Node = new[] { "/usr/bin/node", "/usr/local/bin/node" }.FirstOrDefault(File.Exists);

    public FactIfNodeAttribute() => Skip = Node is null ? "There is no Node.js on this machine to compare with." : null;
}
