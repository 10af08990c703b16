namespace Smxp.Fuzz;

/// <summary>Where cases are kept that fail. The one under way is there too, so that it is known if it ends the process (a stack overflow does).</summary>
internal sealed class CaseFolder : IDisposable
{
    private readonly string _folder;
    private readonly string _target;
    private readonly FileStream _current;

    public CaseFolder(string folder, string target)
    {
        (_folder, _target) = (Directory.CreateDirectory(folder).FullName, target);
        // No buffer: the system has the bytes, whatever becomes of us.
        _current = new FileStream(Path.Combine(_folder, $"{target}-{Environment.ProcessId}-{Guid.NewGuid():N}.current"), FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
    }

    public void Begin(byte[] input)
    {
        _current.SetLength(input.Length);
        _current.Position = 0;
        _current.Write(input);
    }

    /// <summary>Keeps a case that failed, and says where.</summary>
    public string Keep(byte[] input, int seed, long number)
    {
        string path = Path.Combine(_folder, $"{_target}-{seed}-{number}.case");
        File.WriteAllBytes(path, input);
        return path;
    }

    public void Dispose()
    {
        _current.Dispose();
        File.Delete(_current.Name);
    }
}
