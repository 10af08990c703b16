using Smxp.Host.Configuration;
using Smxp.Host.Plugins;
using Smxp.Plugins.Dns;

namespace Smxp.Host.Doctor;

/// <summary>The resolver the doctor asks: the plugin <c>system</c>, and nothing that is pinned in this server's configuration, for the world does not see that.</summary>
internal static class DoctorDns
{
    /// <param name="server">The name server to ask, <c>ip</c> or <c>ip:port</c>; null for the machine's own.</param>
    /// <exception cref="StartupException">The plugin is not there, or the address is none.</exception>
    public static IDnsResolver Create(string? server)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddShippedSettings();
        if (server is not null) builder.Configuration.AddInMemoryCollection([new("Doctor:Dns:Servers:0", server)]);
        var problems = new StartupProblems();
        var name = new DriverName("dns", "system");
        if (PluginCatalog.Read(builder.Configuration, problems).Find(name) is not { } manifest || LoadedPlugin.Load(manifest, problems) is not { } plugin)
        {
            problems.ThrowIfAny();
            throw new StartupException([$"{name}: there is no such plugin"]);
        }

        var driver = ChosenDriver.Bind(new DriverChoice(name, builder.Configuration.GetSection("Doctor:Dns"), "--dns", []), plugin.Find(name), problems);
        problems.ThrowIfAny();
        return (IDnsResolver)driver.Create(new ServiceCollection().AddSingleton(TimeProvider.System).BuildServiceProvider());
    }
}
