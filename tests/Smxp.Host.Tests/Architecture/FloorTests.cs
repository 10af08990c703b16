namespace Smxp.Host.Tests.Architecture;

/// <summary>Three floors and no arrow upwards: Protocol, then Abstractions, then the host on one side and the plugins on the other.</summary>
public sealed class FloorTests
{
    [Fact]
    public void The_tree_is_found() => Assert.Superset(new HashSet<string> { "Smxp.Protocol", "Smxp.Plugins.Abstractions", "Smxp.Host", "Smxp.Storage.Sqlite", "Smxp.Mail.Smtp", "Smxp.Mail.Authentication" }, Repository.Projects.Keys.ToHashSet());

    [Fact]
    public void Nothing_references_the_host() => Assert.DoesNotContain(Repository.Projects.Values, project => project.References.Contains("Smxp.Host"));

    [Fact]
    public void The_host_references_no_plugin() => Assert.Equal(["Smxp.Client", "Smxp.Plugins.Abstractions", "Smxp.Protocol"], Repository.Projects["Smxp.Host"].References.Order(StringComparer.Ordinal));

    [Fact]
    public void The_contracts_reference_the_protocol_and_the_protocol_nothing()
    {
        Assert.Equal(["Smxp.Protocol"], Repository.Projects["Smxp.Plugins.Abstractions"].References);
        Assert.Empty(Repository.Projects["Smxp.Protocol"].References);
        Assert.All(Repository.Projects["Smxp.Client"].References, reference => Assert.Equal("Smxp.Protocol", reference));
    }

    [Fact]
    public void Plugins_reference_contracts_and_libraries_of_their_own_floor()
    {
        string[] libraries = ["Smxp.Plugins.Abstractions", "Smxp.Protocol", .. Repository.Projects.Values.Where(project => project.Folder is "plugins" or "bridge").Select(project => project.Name)];
        Assert.All(Repository.Projects.Values.Where(project => project.Folder is "plugins" or "bridge"), project => Assert.Subset(libraries.ToHashSet(), project.References.ToHashSet()));
    }

    [Fact]
    public void No_plugin_references_another_plugin()
    {
        var plugins = Repository.Projects.Values.Where(project => File.Exists(Path.Combine(Repository.Root, project.Folder, project.Name, "plugin.json"))).Select(project => project.Name).ToHashSet();
        Assert.All(Repository.Projects.Values.Where(project => plugins.Contains(project.Name)), project => Assert.DoesNotContain(project.References, plugins.Contains));
    }

    [Fact]
    public void Mail_libraries_reference_neither_smxp_nor_each_other() =>
        Assert.All(Repository.Projects.Values.Where(project => project.Name.StartsWith("Smxp.Mail.", StringComparison.Ordinal)), project => Assert.Empty(project.References));
}
