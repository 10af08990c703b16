namespace Smxp.Storage.Sqlite.Tests;

/// <summary>A folder for a test's databases.</summary>
internal sealed class TemporaryFolder
{
    public string Path { get; } = Directory.CreateTempSubdirectory("smxp-sqlite-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Remove() => Directory.Delete(Path, recursive: true);
}
