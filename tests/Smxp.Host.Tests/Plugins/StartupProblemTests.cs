using Smxp.Host.Configuration;
using Smxp.Testing;

namespace Smxp.Host.Tests.Plugins;

/// <summary>Whatever keeps the server from starting is said at once, with the place to mend it.</summary>
public sealed class StartupProblemTests : IDisposable
{
    private readonly PluginFolder _plugins = new();
    private readonly TemporaryDirectory _data = new();

    public void Dispose()
    {
        _plugins.Dispose();
        _data.Dispose();
    }

    [Fact]
    public void Lists_every_problem_in_one_message()
    {
        var thrower = _plugins.Add("Thrower", "throw new InvalidOperationException(\"no luck\");", ["content/thrower"]);
        var garbled = _plugins.AddManifest("Garbled", "{ not json");
        var message = Refuse(
            ("Smxp:Storrage:State:Driver", "sqlite"),
            ("Smxp:PublicPort", "70000"),
            ("Smxp:Storage:Blobs:Driver", "flies"),
            ("Smxp:Content:0", "text"),
            ("Smxp:Content:1", "thrower"),
            ("Smxp:Federation:AllowPrivateNetworks", "perhaps"));

        Assert.Contains("6 problems", message, StringComparison.Ordinal);
        Assert.Contains("Smxp:Storrage: unknown setting; did you mean Storage?", message, StringComparison.Ordinal);
        Assert.Contains("Smxp:PublicPort: The field PublicPort must be between 1 and 65535.", message, StringComparison.Ordinal);
        Assert.Contains("Smxp:Storage:Blobs:Driver: there is no driver flies for storage.blobs; did you mean files?", message, StringComparison.Ordinal);
        Assert.Contains($"{thrower}: Thrower failed to register: no luck", message, StringComparison.Ordinal);
        Assert.Contains($"{Path.Combine(garbled, "plugin.json")}: is not a manifest: malformed JSON", message, StringComparison.Ordinal);
        Assert.Contains("Smxp:Federation:AllowPrivateNetworks: 'perhaps' is not true or false", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("urls", "nonsense", "'nonsense' is not an address such as http://127.0.0.1:7777 or https://0.0.0.0:443")]
    [InlineData("urls", "http://127.0.0.1:99999", "'http://127.0.0.1:99999' is not an address such as http://127.0.0.1:7777 or https://0.0.0.0:443")]
    [InlineData("Kestrel:Endpoints:Https:Url", "0.0.0.0", "'0.0.0.0' is not an address such as http://127.0.0.1:7777 or https://0.0.0.0:443")]
    [InlineData("Smxp:DataDirectory", "", "The DataDirectory field is required.")]
    [InlineData("Smxp:DataDirectory", "a\0b", "cannot be created: Null character in path. (Parameter 'path')")]
    [InlineData("Smxp:PublicHost", "http://gw.example.com/", "'http://gw.example.com/' is not a host name such as gw.example.com")]
    [InlineData("Smxp:Federation:TrustedAuthorities", "/nowhere/authorities.pem", "cannot be read: Could not find a part of the path '/nowhere/authorities.pem'.")]
    [InlineData("Smxp:Cors:Origins:0", "mail.example.com", "'mail.example.com' is not an origin such as https://mail.example.com, without a path")]
    [InlineData("Smxp:Cors:Origins:0", "https://mail.example.com/", "'https://mail.example.com/' is not an origin such as https://mail.example.com, without a path")]
    public void A_setting_that_could_not_work(string path, string value, string problem) => Assert.Equal([$"{path}: {problem}"], Problems((path, value)));

    [Fact]
    public void An_unknown_driver_far_from_any_name_gets_the_list() =>
        Assert.Contains("Smxp:Storage:Events:Driver: there is no driver zookeeper for storage.events; known: memory", Refuse(("Smxp:Storage:Events:Driver", "zookeeper")), StringComparison.Ordinal);

    [Fact]
    public void Two_providers_of_one_name()
    {
        _plugins.Add("First", "plugin.Driver<IContentType, NoSettings>(\"twin\", (_, _) => new Plain(\"twin\"));", ["content/twin"], more: PluginSource.Content);
        _plugins.Add("Second", "plugin.Driver<IContentType, NoSettings>(\"twin\", (_, _) => new Plain(\"twin\"));", ["content/twin"], more: PluginSource.Content);
        var message = Refuse();
        Assert.Contains("content/twin: provided by more than one plugin: First (", message, StringComparison.Ordinal);
        Assert.Contains("Second (", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    [InlineData("0.9")]
    public void A_contract_it_cannot_serve_is_refused_before_loading(string contract)
    {
        var folder = _plugins.AddManifest("Other", $$"""{"id":"other","assembly":"Other.dll","contract":"{{contract}}","provides":["content/other"]}""");
        File.WriteAllText(Path.Combine(folder, "Other.dll"), "not an assembly, and never opened");
        Assert.Equal([$"{folder}: other is written against contract {contract}; this server has 1.0 and serves 1.0 to 1.0"], Problems(("Smxp:Content:0", "other")));
    }

    [Fact]
    public void A_plugin_of_another_contract_that_nothing_names_does_no_harm()
    {
        _plugins.AddManifest("Other", """{"id":"other","assembly":"Other.dll","contract":"7.0","provides":["content/other"]}""");
        Assert.Empty(Problems());
    }

    [Fact]
    public void A_missing_assembly()
    {
        var folder = _plugins.AddManifest("Hollow", """{"id":"hollow","assembly":"Hollow.dll","contract":"1.0","provides":["content/hollow"]}""");
        Assert.Equal([$"{folder}: hollow names the assembly Hollow.dll, which is not there"], Problems(("Smxp:Content:0", "hollow")));
    }

    [Fact]
    public void A_file_that_is_no_assembly()
    {
        var folder = _plugins.AddManifest("Fake", """{"id":"fake","assembly":"Fake.dll","contract":"1.0","provides":["content/fake"]}""");
        File.WriteAllText(Path.Combine(folder, "Fake.dll"), "MZ?");
        Assert.StartsWith($"{folder}: fake failed to register:", Assert.Single(Problems(("Smxp:Content:0", "fake"))), StringComparison.Ordinal);
    }

    [Fact]
    public void A_dependency_that_did_not_come_along()
    {
        var folder = _plugins.AddManifest("Needy", """{"id":"needy","assembly":"Needy.dll","contract":"1.0","provides":["content/needy"]}""");
        var library = PluginFolder.Compile("Absent.Library", "namespace Absent { public static class Thing { public static string Name => \"needy\"; } }", folder);
        PluginFolder.Compile("Needy", "public sealed class Entry : IPlugin { public void Register(IPluginBuilder plugin) => plugin.HostedService(_ => throw new Exception(Absent.Thing.Name + Direct())); private static string Direct() => Absent.Thing.Name; public Entry() { _ = Absent.Thing.Name; } }", folder, library);
        File.Delete(library);
        Assert.Contains("Absent.Library", Assert.Single(Problems(("Smxp:Content:0", "needy"))), StringComparison.Ordinal);
    }

    [Fact]
    public void A_dependency_listed_in_deps_json_that_did_not_come_along()
    {
        var folder = _plugins.Add("Listed", "plugin.Driver<IContentType, NoSettings>(\"listed\", (_, _) => new Plain(\"listed\"));", ["content/listed"], more: PluginSource.Content);
        File.WriteAllText(Path.Combine(folder, "Listed.deps.json"), """{"targets":{".NETCoreApp,Version=v10.0":{"Listed/1.0.0":{"runtime":{"Listed.dll":{}}},"Gone/1.0.0":{"runtime":{"lib/net10.0/Gone.Far.dll":{}}}}}}""");
        Assert.Equal([$"{folder}: Listed lacks Gone.Far.dll, which it depends on"], Problems(("Smxp:Content:0", "listed")));
    }

    [Fact]
    public void A_plugin_without_an_entry_point() =>
        Assert.Contains("Silent has no public class that implements IPlugin", Assert.Single(ProblemsOf("Silent", "internal sealed class Entry : IPlugin { public void Register(IPluginBuilder plugin) { } }")), StringComparison.Ordinal);

    [Fact]
    public void A_plugin_with_two_entry_points() =>
        Assert.Contains("Double has more than one IPlugin: One, Two", Assert.Single(ProblemsOf("Double", "public sealed class One : IPlugin { public void Register(IPluginBuilder plugin) { } } public sealed class Two : IPlugin { public void Register(IPluginBuilder plugin) { } }")), StringComparison.Ordinal);

    [Theory]
    [InlineData("Absent")]
    [InlineData("Hidden")]
    [InlineData("Other")]
    [InlineData("Demanding")]
    public void A_manifest_whose_entry_is_none(string entry)
    {
        var folder = _plugins.AddSource("Misled", """
            public sealed class Entry : IPlugin { public void Register(IPluginBuilder plugin) { } }
            internal sealed class Hidden : IPlugin { public void Register(IPluginBuilder plugin) { } }
            public sealed class Demanding(string wish) : IPlugin { public void Register(IPluginBuilder plugin) => _ = wish; }
            public sealed class Other { }
            """, ["content/misled"], entry: entry);
        Assert.Equal([$"{folder}: Misled names the entry {entry}, which is no public class of Misled.dll that implements IPlugin and takes no arguments"], Problems(("Smxp:Content:0", "misled")));
    }

    [Fact]
    public void A_promise_that_is_not_kept()
    {
        var folder = _plugins.Add("Liar", "plugin.Driver<IContentType, NoSettings>(\"another\", (_, _) => new Plain(\"another\"));", ["content/promised"], more: PluginSource.Content);
        Assert.Equal([$"{folder}: Liar promises content/promised but does not register it", $"{folder}: Liar registers content/another, which its manifest does not name"], Problems(("Smxp:Content:0", "promised")));
    }

    [Theory]
    [InlineData("""{"assembly":"A.dll","contract":"1.0","provides":["content/a"]}""", "has no id")]
    [InlineData("""{"id":"a","assembly":"../A.dll","contract":"1.0","provides":["content/a"]}""", "must name its assembly, a file in the same folder")]
    [InlineData("""{"id":"a","assembly":"A.dll","contract":"one","provides":["content/a"]}""", "names no contract version")]
    [InlineData("""{"id":"a","assembly":"A.dll","contract":"1.0","provides":[]}""", "provides nothing")]
    [InlineData("""{"id":"a","assembly":"A.dll","contract":"1.0","provides":["content"]}""", "provides 'content', which is not slot/name")]
    [InlineData("""{"id":"a","assembly":"A.dll","contract":"1.0","provides":["contents/a"]}""", "there is no such slot; did you mean content?")]
    [InlineData("""{"id":1,"assembly":"A.dll"}""", "is not a manifest: malformed JSON at $.id")]
    [InlineData("""{"id":"a","assembly":"A.dll","entry":" ","contract":"1.0","provides":["content/a"]}""", "has an empty entry; name the class that is its entry point, or leave it out")]
    [InlineData("null", "is empty")]
    public void A_manifest_that_says_too_little(string manifest, string problem)
    {
        _plugins.AddManifest("Odd", manifest);
        Assert.Contains(problem, Assert.Single(Problems()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Sise", "3", "Smxp:Content:0:Sise: unknown setting; did you mean Size?")]
    [InlineData("Size", "11", "Smxp:Content:0:Size: The field Size must be between 1 and 10.")]
    [InlineData("Size", "many", "Smxp:Content:0:Size: 'many' is not a whole number of type Int32")]
    [InlineData("Label", "", "Smxp:Content:0:Label: The Label field is required.")]
    [InlineData("Label", "forbidden", "Smxp:Content:0:Label: may not be forbidden")]
    [InlineData("Words", "one", "Smxp:Content:0:Words: expected a list, not one value")]
    [InlineData("Inner", "one", "Smxp:Content:0:Inner: expected a section with settings, not one value")]
    [InlineData("Inner:Pause", "soon", "Smxp:Content:0:Inner:Pause: 'soon' is not a time span, e.g. 00:00:30")]
    [InlineData("Inner:Pauze", "00:00:01", "Smxp:Content:0:Inner:Pauze: unknown setting; did you mean Pause?")]
    [InlineData("Loud:0", "true", "Smxp:Content:0:Loud: expected true or false, not a section or a list")]
    public void A_setting_that_is_wrong_is_named_by_its_full_path(string key, string value, string problem)
    {
        _plugins.Add("Ruled", "plugin.Driver<IContentType, Rules>(\"ruled\", (_, _) => new Plain(\"ruled\"));", ["content/ruled"], more: PluginSource.Content);
        Assert.Equal([problem], Problems(("Smxp:Content:0:Driver", "ruled"), ($"Smxp:Content:0:{key}", value)));
    }

    [Fact]
    public async Task A_driver_that_cannot_be_made()
    {
        _plugins.Add("Broken", "plugin.Driver<IContentType, NoSettings>(\"broken\", (_, _) => throw new InvalidOperationException(\"out of paper\"));", ["content/broken"]);
        var e = await Assert.ThrowsAsync<StartupException>(() => StartAsync(("Smxp:Content:0", "broken")));
        Assert.Equal(["Smxp:Content:0: content/broken could not be made: out of paper"], e.Problems);
    }

    [Fact]
    public async Task A_driver_that_does_not_start()
    {
        _plugins.Add("Late", "plugin.Driver<IContentType, NoSettings>(\"late\", (_, _) => new Late());", ["content/late"], more: """
            public sealed class Late : IContentType, IDriver
            {
                public string Name => "late"; public string? Validate(string body) => null; public string RenderHtml(string body) => body; public string RenderText(string body) => body;
                public Task StartAsync(CancellationToken cancellationToken) => throw new InvalidOperationException("the printer is on fire");
                public ValueTask<string?> CheckAsync(CancellationToken cancellationToken) => default;
            }
            """);
        var e = await Assert.ThrowsAsync<StartupException>(() => StartAsync(("Smxp:Content:0", "late")));
        Assert.Equal(["Smxp:Content:0: content/late did not start: the printer is on fire"], e.Problems);
    }

    [Fact]
    public async Task The_process_says_it_on_standard_error_and_exits_with_2()
    {
        var (exitCode, output, error) = await TestServerProcess.RunAsync("serve", "--Smxp:DataDirectory", _data.Path, "--Smxp:Storage:State:Driver", "sqllite");
        Assert.Equal(2, exitCode);
        Assert.Empty(output);
        Assert.Contains("Smxp:Storage:State:Driver: there is no driver sqllite for storage.state; did you mean sqlite?", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    private IReadOnlyList<string> ProblemsOf(string name, string source)
    {
        _plugins.AddSource(name, source, [$"content/{name}"]);
        return Problems(("Smxp:Content:0", name));
    }

    private string Refuse(params (string Path, string Value)[] values) => Assert.Throws<StartupException>(() => Build(values)).Message;

    private IReadOnlyList<string> Problems(params (string Path, string Value)[] values)
    {
        try
        {
            Build(values);
            return [];
        }
        catch (StartupException e)
        {
            return e.Problems;
        }
    }

    private async Task StartAsync(params (string Path, string Value)[] values)
    {
        await using var app = Build(values);
        await app.StartAsync();
    }

    private Microsoft.AspNetCore.Builder.WebApplication Build((string Path, string Value)[] values)
    {
        (string, string)[] usual = [("urls", $"http://127.0.0.1:{FreePort.Next()}"), ("Smxp:DataDirectory", _data.Path), ("Smxp:Bridge:Email:Enabled", "false"), ("Smxp:Plugins:Directory:0", HostFiles.Plugins), ("Smxp:Plugins:Directory:1", _plugins.Root)];
        return SmxpHost.Build([.. usual.Concat(values).SelectMany(value => new[] { $"--{value.Item1}", value.Item2 })]);
    }
}
