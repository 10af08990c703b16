using System.Buffers.Text;
using System.Security.Cryptography;
using Smxp.Plugins.Host;

namespace Smxp.Host.Delivery;

/// <summary>The name under which this node leases outbox entries: kept in the data directory, so that after a restart it knows which leases were its own.</summary>
internal sealed class NodeName(ServerPaths paths)
{
    private readonly Lazy<string> _value = new(() => ReadOrMake(paths.Resolve("node-id")));

    public string Value => _value.Value;

    private static string ReadOrMake(string path)
    {
        if (File.Exists(path) && File.ReadAllText(path).Trim() is { Length: > 0 and <= 64 } known) return known;
        string made = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(12));
        File.WriteAllText(path, made);
        return made;
    }
}
