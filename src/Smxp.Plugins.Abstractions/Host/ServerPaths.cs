namespace Smxp.Plugins.Host;

/// <summary>Where this server keeps its files, for drivers that write some.</summary>
/// <param name="DataDirectory">The data directory, absolute; it exists.</param>
public sealed record ServerPaths(string DataDirectory)
{
    /// <summary>A path of the settings: absolute as it is, otherwise below the data directory.</summary>
    public string Resolve(string path) => Path.GetFullPath(path, DataDirectory);
}
