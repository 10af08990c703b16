using System.Text.RegularExpressions;

namespace Smxp.Host.Tests.Architecture;

/// <summary>docs/standards.md lists every RFC that the code speaks of, and what we make of it.</summary>
public sealed partial class StandardsTests
{
    [Fact]
    public void Every_cited_rfc_is_listed()
    {
        var listed = Listed().Select(row => row.Number).ToHashSet();
        var cited = new[] { "src", "plugins", "bridge" }.SelectMany(folder => Repository.Files(folder, "*.cs"))
            .SelectMany(path => Citation().Matches(File.ReadAllText(path)).Select(match => (Number: match.Groups[1].Value, Path: Path.GetRelativePath(Repository.Root, path)))).ToArray();
        Assert.NotEmpty(cited);
        Assert.Empty(cited.Where(citation => !listed.Contains(citation.Number)).GroupBy(citation => citation.Number, (number, where) => $"RFC {number}, cited in {where.First().Path}"));
    }

    [Fact]
    public void Every_row_says_yes_partial_or_no()
    {
        Assert.NotEmpty(Listed());
        Assert.All(Listed(), row => Assert.Matches("^(Yes|Partial|No)\\b", row.Answer));
    }

    private static (string Number, string Answer)[] Listed() =>
        [.. File.ReadLines(Path.Combine(Repository.Root, "docs", "standards.md")).Select(line => Row().Match(line)).Where(match => match.Success).Select(match => (match.Groups[1].Value, match.Groups[2].Value))];

    [GeneratedRegex(@"RFC ?(\d{3,5})")]
    private static partial Regex Citation();

    [GeneratedRegex(@"^\|\s*(?:RFC )?(\d{3,5})\s*\|[^|]*\|\s*([^|]*?)\s*\|")]
    private static partial Regex Row();
}
