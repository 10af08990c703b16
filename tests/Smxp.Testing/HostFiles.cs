using System.Reflection;

namespace Smxp.Testing;

/// <summary>Where the build put the real host and its plugins.</summary>
public static class HostFiles
{
    /// <summary>The host's build output.</summary>
    public static string Directory { get; } = Path.GetFullPath(typeof(HostFiles).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "HostDirectory").Value!);

    /// <summary>The plugins in it.</summary>
    public static string Plugins => Path.Combine(Directory, "plugins");

    /// <summary>The host's assembly, for <c>dotnet</c>.</summary>
    public static string Assembly => Path.Combine(Directory, "Smxp.Host.dll");
}
