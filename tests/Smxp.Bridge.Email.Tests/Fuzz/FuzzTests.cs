using Smxp.Fuzz;

namespace Smxp.Bridge.Email.Tests.Fuzz;

/// <summary>A quick pass of each fuzz target, the same every time; tests/Smxp.Fuzz runs them for as long as one likes.</summary>
public sealed class FuzzTests
{
    private const int Cases = 300;

    [Theory]
    [InlineData("smtp")]
    [InlineData("mime")]
    [InlineData("address")]
    [InlineData("authentication")]
    public async Task Finds_nothing(string target)
    {
        string folder = Path.Combine(Path.GetTempPath(), "smxp-fuzz");
        var run = new FuzzRun(FuzzTargets.All[target](), new FuzzOptions(target) { Cases = Cases, Out = folder }, TextWriter.Null);
        Assert.Null(await run.RunAsync());
        Assert.Equal(Cases, run.Count);
    }

    [Fact]
    public void Tests_every_target() => Assert.Equal(["address", "authentication", "mime", "smtp"], FuzzTargets.All.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public async Task Keeps_the_case_that_fails()
    {
        string folder = Directory.CreateTempSubdirectory("smxp-fuzz-").FullName;
        try
        {
            string? problem = await new FuzzRun(new ThirdFails(), new FuzzOptions("smtp") { Cases = 10, Out = folder }, TextWriter.Null).RunAsync();
            Assert.StartsWith("case 2 fails", problem, StringComparison.Ordinal);
            Assert.Equal("three"u8.ToArray(), await File.ReadAllBytesAsync(Assert.Single(Directory.GetFiles(folder))));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Reports_a_case_that_hangs()
    {
        string folder = Directory.CreateTempSubdirectory("smxp-fuzz-").FullName;
        try
        {
            string? problem = await new FuzzRun(new Hangs(), new FuzzOptions("smtp") { Cases = 10, Out = folder, CaseLimit = TimeSpan.FromMilliseconds(50) }, TextWriter.Null).RunAsync();
            Assert.StartsWith("case 0 hangs", problem, StringComparison.Ordinal);
            Assert.Single(Directory.GetFiles(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private sealed class ThirdFails : IFuzzTarget
    {
        public IReadOnlyList<byte[]> Seeds => Seed.Words("one", "two", "three");

        public IReadOnlyList<byte[]> Words => Seed.Words("word");

        public Task RunAsync(byte[] input) => input.Length == 5 ? throw new InvalidOperationException("Three is too many.") : Task.CompletedTask;
    }

    private sealed class Hangs : IFuzzTarget
    {
        public IReadOnlyList<byte[]> Seeds => Seed.Words("one");

        public IReadOnlyList<byte[]> Words => Seed.Words("word");

        public Task RunAsync(byte[] input) => Task.Delay(Timeout.InfiniteTimeSpan);
    }
}
