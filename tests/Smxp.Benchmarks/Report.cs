using System.Globalization;

namespace Smxp.Benchmarks;

/// <summary>A table, as docs/performance.md takes it.</summary>
internal sealed class Report(params string[] headings)
{
    private readonly List<string[]> _rows = [];

    public Report Row(params string[] cells)
    {
        _rows.Add(cells);
        return this;
    }

    public void Print()
    {
        Console.WriteLine($"| {string.Join(" | ", headings)} |");
        Console.WriteLine($"|{string.Concat(headings.Select(_ => "---|"))}");
        foreach (var row in _rows) Console.WriteLine($"| {string.Join(" | ", row)} |");
        Console.WriteLine();
    }

    public static string Number(double value) => value.ToString(value < 10 ? "0.00" : "#,0", CultureInfo.InvariantCulture);

    public static string Milliseconds(TimeSpan time) => time.TotalMilliseconds.ToString("0.00", CultureInfo.InvariantCulture) + " ms";

    public static string Megabytes(double bytes) => (bytes / 1024 / 1024).ToString("0.0", CultureInfo.InvariantCulture) + " MB";
}
