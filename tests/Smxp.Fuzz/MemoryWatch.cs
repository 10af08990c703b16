using System.Diagnostics;
using System.Globalization;

namespace Smxp.Fuzz;

/// <summary>Watches that memory does not grow: what the heap holds after a full collection, against what it held when everything was warm.</summary>
internal sealed class MemoryWatch
{
    /// <summary>By how much the heap may have grown since.</summary>
    public const long MostGrowth = 32L << 20;

    private long? _warm;

    /// <summary>What the heap holds and the process takes, in words.</summary>
    public static string Describe()
    {
        using var process = Process.GetCurrentProcess();
        return string.Create(CultureInfo.InvariantCulture, $"heap {GC.GetTotalMemory(forceFullCollection: false) / 1048576.0:F1} MiB, rss {process.WorkingSet64 / 1048576} MiB");
    }

    /// <summary>Takes the measure of the first time, and later compares; what is wrong, or null.</summary>
    public string? Check()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        long held = GC.GetTotalMemory(forceFullCollection: true);
        if (_warm is not { } warm)
        {
            _warm = held;
            return null;
        }

        return held - warm > MostGrowth ? $"the heap grew from {warm >> 20} to {held >> 20} MiB" : null;
    }
}
