using System.Reflection;
using System.Xml.Linq;

namespace Smxp.Host.Tests.Architecture;

/// <summary>The source tree these tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "Repository").Value!;

    /// <summary>The product's own projects, by name; tests are not among them.</summary>
    public static IReadOnlyDictionary<string, Project> Projects { get; } =
        new[] { "src", "plugins", "bridge" }.SelectMany(folder => Files(folder, "*.csproj")).Select(Project.Read).ToDictionary(project => project.Name, StringComparer.Ordinal);

    public static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories).Where(path => !path.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"));
}

/// <summary>A project and the projects whose assemblies it is compiled against.</summary>
internal sealed record Project(string Name, string Folder, IReadOnlyList<string> References)
{
    public static Project Read(string path)
    {
        var references = XDocument.Load(path).Descendants("ProjectReference").Where(reference => (string?)reference.Attribute("ReferenceOutputAssembly") != "false")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/'))).ToArray();
        return new(Path.GetFileNameWithoutExtension(path), Path.GetFileName(Path.GetDirectoryName(Path.GetDirectoryName(path)))!, references);
    }
}
