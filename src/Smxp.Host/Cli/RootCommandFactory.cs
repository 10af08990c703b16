using System.CommandLine;
using Smxp.Host.Cli.Demo;

namespace Smxp.Host.Cli;

/// <summary>
/// The command line of the server's one binary. A command is a static class with <c>Create()</c>, in a file of its own, listed here. Commands answer with an
/// exit code: 0 done, 1 refused, 2 wrong usage, wrong configuration or nobody there.
/// </summary>
internal static class RootCommandFactory
{
    public static RootCommand Create()
    {
        var root = new RootCommand("An SMXP server that also speaks email. Without a command it serves. Any setting can be given as --Smxp:Name value.")
        {
            ServeCommand.Create(),
            DemoCommand.Create(),
            DomainCommand.Create(),
            AddressCommand.Create(),
            RouteCommand.Create(),
            QueueCommand.Create(),
            BridgeCommand.Create(),
            DoctorCommand.Create(),
            PluginsCommand.Create(),
        };
        ServeCommand.MakeDefaultOf(root);
        return root;
    }
}
