using System.Runtime.CompilerServices;
using PublicApiGenerator;

namespace Smxp.Plugins.Abstractions.Tests;

/// <summary>
/// The contracts are what other people's plugins are compiled against: every change of them shows here, and is made on purpose. After one, raise
/// <see cref="PluginContract.Version"/> where it is due and take over PublicApi.received.txt as PublicApi.approved.txt.
/// </summary>
public sealed class PublicApiTests
{
    [Fact]
    public void Is_as_approved()
    {
        var received = typeof(IPlugin).Assembly.GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false }).ReplaceLineEndings("\n").TrimEnd() + "\n";
        var approvedPath = PathOf("PublicApi.approved.txt");
        var receivedPath = PathOf("PublicApi.received.txt");
        var approved = File.Exists(approvedPath) ? File.ReadAllText(approvedPath) : "";
        if (approved == received) File.Delete(receivedPath);
        else File.WriteAllText(receivedPath, received);
        Assert.Equal(approved, received);
    }

    private static string PathOf(string name, [CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, name);
}
