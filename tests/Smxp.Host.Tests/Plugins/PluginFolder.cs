using System.Text.Json;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Smxp.Testing;

namespace Smxp.Host.Tests.Plugins;

/// <summary>A folder of plugins that a test writes, source and manifest, beside the real ones.</summary>
internal sealed class PluginFolder : IDisposable
{
    private const string Usings = """
        using System; using System.Collections.Generic; using System.ComponentModel.DataAnnotations; using System.Threading; using System.Threading.Tasks;
        using Smxp.Plugins; using Smxp.Plugins.Content; using Smxp.Plugins.Dns;
        """;

    private static readonly MetadataReference[] References =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path))];

    private readonly TemporaryDirectory _directory = new();

    public string Root => _directory.Path;

    /// <summary>A plugin whose entry point holds these statements.</summary>
    public string Add(string name, string register, string[] provides, string contract = "1.0", string more = "") =>
        AddSource(name, $"public sealed class Entry : IPlugin {{ public void Register(IPluginBuilder plugin) {{ {register} }} }} {more}", provides, contract);

    /// <summary>A plugin of this source; answers its folder.</summary>
    public string AddSource(string name, string source, string[] provides, string contract = "1.0", string? entry = null, params string[] references)
    {
        var folder = AddManifest(name, JsonSerializer.Serialize(new { id = name, assembly = $"{name}.dll", entry, contract, provides }));
        Compile(name, source, folder, references);
        return folder;
    }

    /// <summary>A plugin of which there is only the manifest, as it stands.</summary>
    public string AddManifest(string name, string manifest)
    {
        var folder = Path.Combine(Root, name);
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "plugin.json"), manifest);
        return folder;
    }

    /// <summary>Compiles a library into a folder and answers its path.</summary>
    public static string Compile(string name, string source, string folder, params string[] references)
    {
        var compilation = CSharpCompilation.Create(name, [CSharpSyntaxTree.ParseText(Usings + source)], [.. References, .. references.Select(path => MetadataReference.CreateFromFile(path))],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        var path = Path.Combine(folder, $"{name}.dll");
        var result = compilation.Emit(path);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        return path;
    }

    public void Dispose() => _directory.Dispose();
}

/// <summary>Source of drivers for tests.</summary>
internal static class PluginSource
{
    /// <summary>A content type that shows any body as it is, and a settings class with one of each rule.</summary>
    public const string Content = """
        public sealed class Plain(string name) : IContentType
        {
            public string Name => name;
            public string? Validate(string body) => null;
            public string RenderHtml(string body) => "<p>" + name + "</p>";
            public string RenderText(string body) => body;
        }

        public sealed class Rules : IValidatedSettings
        {
            [Range(1, 10)] public int Size { get; set; } = 5;
            public bool Loud { get; set; }
            [Required] public string Label { get; set; } = "label";
            public string[] Words { get; set; } = [];
            public Inner Inner { get; set; } = new();
            public IEnumerable<(string Path, string Problem)> Validate() { if (Label == "forbidden") yield return ("Label", "may not be forbidden"); }
        }

        public sealed class Inner { public TimeSpan Pause { get; set; } }
        """;
}
