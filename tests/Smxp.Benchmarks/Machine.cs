using System.Runtime.InteropServices;

namespace Smxp.Benchmarks;

/// <summary>What the numbers were measured on.</summary>
internal static class Machine
{
    public static string Describe()
    {
        string processor = ReadField("/proc/cpuinfo", "model name") ?? RuntimeInformation.ProcessArchitecture.ToString();
        string memory = ReadField("/proc/meminfo", "MemTotal") is { } total ? $", {long.Parse(total.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture) / 1024 / 1024} GB" : "";
        return $"{processor}, {Environment.ProcessorCount} cores{memory}, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}; load generator on the same cores";
    }

    private static string? ReadField(string file, string name) =>
        File.Exists(file) ? File.ReadLines(file).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split(':', 2)[1].Trim() : null;
}
