using System.Net;
using Microsoft.Extensions.Configuration;
using Smxp.Host.Configuration;

namespace Smxp.Host.Tests.Configuration;

public sealed class StrictBinderTests
{
    private enum Mode
    {
        Strict,
        Loose,
    }

    [Fact]
    public void Binds_every_kind_of_setting()
    {
        var (settings, problems) = Bind("""
            { "s": { "Name": "x", "Count": 7, "Maybe": 3, "Mode": "loose", "Pause": "00:00:05", "Url": "https://example.test/", "Address": "::1", "End": "127.0.0.1:25",
              "List": ["a", "b"], "Numbers": [1, 2], "Map": { "peer.test": "http://127.0.0.1:1" }, "Inner": { "Deep": true }, "Many": [ { "Deep": true }, {} ] } }
            """);
        Assert.Empty(problems);
        Assert.Equal(("x", 7, 3, Mode.Loose, TimeSpan.FromSeconds(5)), (settings.Name, settings.Count, settings.Maybe, settings.Mode, settings.Pause));
        Assert.Equal(("https://example.test/", IPAddress.IPv6Loopback, new IPEndPoint(IPAddress.Loopback, 25)), (settings.Url!.ToString(), settings.Address!, settings.End!));
        Assert.Equal(["a", "b"], settings.List);
        Assert.Equal([1, 2], settings.Numbers);
        Assert.Equal("http://127.0.0.1:1", settings.Map["peer.test"]);
        Assert.True(settings.Inner.Deep);
        Assert.Equal([true, false], settings.Many.Select(inner => inner.Deep));
    }

    [Fact]
    public void Leaves_defaults_where_nothing_is_said_and_empties_lists_that_are_said_to_be_empty()
    {
        var (settings, problems) = Bind("""{ "s": { "List": [], "Maybe": null, "Name": null, "Url": null } }""");
        Assert.Empty(problems);
        Assert.Empty(settings.List);
        Assert.Null(settings.Maybe);
        Assert.Null(settings.Url);
        Assert.Equal("name", settings.Name);
        Assert.Equal(4, settings.Count);
    }

    [Theory]
    [InlineData("""{ "s": { "Mode": "1" } }""", "s:Mode: '1' is not one of Strict, Loose")]
    [InlineData("""{ "s": { "Count": "7.5" } }""", "s:Count: '7.5' is not a whole number of type Int32")]
    [InlineData("""{ "s": { "Count": 99999999999 } }""", "s:Count: '99999999999' is not a whole number of type Int32")]
    [InlineData("""{ "s": { "Many": [ { "Depe": true } ] } }""", "s:Many:0:Depe: unknown setting; did you mean Deep?")]
    [InlineData("""{ "s": { "Numbers": [1, "x"] } }""", "s:Numbers:1: 'x' is not a whole number of type Int32")]
    [InlineData("""{ "s": { "Url": "nowhere" } }""", "s:Url: 'nowhere' is not an absolute URL")]
    [InlineData("""{ "s": { "ReadOnly": "x" } }""", "s:ReadOnly: unknown setting")]
    public void Says_what_is_wrong_and_where(string json, string problem) => Assert.StartsWith(problem, Assert.Single(Bind(json).Problems), StringComparison.Ordinal);

    private static (Settings Settings, IReadOnlyList<string> Problems) Bind(string json)
    {
        using var stream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(json));
        var problems = new StartupProblems();
        var settings = new StrictBinder(problems).Bind(typeof(Settings), new ConfigurationBuilder().AddJsonStream(stream).Build().GetSection("s"));
        return ((Settings)settings, problems.All);
    }

    private sealed class Settings
    {
        public string Name { get; set; } = "name";
        public int Count { get; set; } = 4;
        public int? Maybe { get; set; } = 1;
        public Mode Mode { get; set; }
        public TimeSpan Pause { get; set; }
        public Uri? Url { get; set; } = new("https://default.test");
        public IPAddress? Address { get; set; }
        public IPEndPoint? End { get; set; }
        public string[] List { get; set; } = ["default"];
        public List<int> Numbers { get; set; } = [];
        public Dictionary<string, string> Map { get; set; } = [];
        public Inner Inner { get; set; } = new();
        public IReadOnlyList<Inner> Many { get; set; } = [];
        public string ReadOnly => Name;
    }

    private sealed class Inner
    {
        public bool Deep { get; set; }
    }
}
