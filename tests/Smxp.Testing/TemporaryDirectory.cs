namespace Smxp.Testing;

/// <summary>A folder that goes away with the test.</summary>
public sealed class TemporaryDirectory : IDisposable
{
    /// <summary>Its absolute path.</summary>
    public string Path { get; } = System.IO.Directory.CreateTempSubdirectory("smxp-").FullName;

    /// <summary>A path below it.</summary>
    public string this[params string[] parts] => System.IO.Path.Combine([Path, .. parts]);

    public void Dispose()
    {
        try
        {
            System.IO.Directory.Delete(Path, recursive: true);
        }
        catch (IOException)
        {
            // A file still held by something that is ending; the system clears its temporary folder.
        }
    }
}
