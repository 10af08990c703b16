using System.CommandLine;
using System.Text.Json;
using Smxp.Host.Configuration;
using Smxp.Host.Http;
using Smxp.Host.Plugins;
using Spectre.Console;

namespace Smxp.Host.Cli;

/// <summary><c>plugins list</c> shows what there is and what is in use; <c>plugins check</c> says whether the server would start with it.</summary>
internal static class PluginsCommand
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    public static Command Create() => new("plugins", "The plugins of this server.")
    {
        Create("list", "List the plugins there are, and which this configuration uses.", List),
        Create("check", "Say everything that would keep the server from starting.", Check),
    };

    private static Command Create(string name, string description, Func<IConfiguration, bool, int> run)
    {
        var json = new Option<bool>("--json") { Description = "Write JSON." };
        var command = new Command(name, description) { json };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction((parsed, _) => Failures.ReportAsync(() =>
        {
            var builder = WebApplication.CreateSlimBuilder(ConfigurationArguments.Of(parsed));
            builder.Configuration.AddShippedSettings();
            return Task.FromResult(run(builder.Configuration, parsed.GetValue(json)));
        }));
        return command;
    }

    private static int List(IConfiguration configuration, bool json)
    {
        var problems = new StartupProblems();
        var options = ConfigurationModule.ReadOptions(configuration, problems);
        var catalog = PluginCatalog.Read(configuration, problems);
        var used = new DriverChoices(configuration, options, problems).Read().Select(choice => choice.Driver).ToHashSet();
        var rows = catalog.Manifests.SelectMany(manifest => manifest.Provides, (manifest, driver) =>
            new Row(driver.Slot, driver.Name, manifest.Id, manifest.Contract.ToString(), manifest.IsServed, used.Contains(driver), manifest.Directory)).OrderBy(row => row.Slot, StringComparer.Ordinal).ToArray();
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(new { Plugins = rows }, Json));
            return ExitCode.Done;
        }

        var table = new Table().AddColumns("Slot", "Driver", "Plugin", "Contract", "In use");
        foreach (var row in rows) table.AddRow(row.Slot, row.Driver, row.Plugin, row.Served ? row.Contract : $"{row.Contract} (not served)", row.InUse ? "yes" : "");
        AnsiConsole.Write(table);
        return ExitCode.Done;
    }

    private static int Check(IConfiguration configuration, bool json)
    {
        var problems = new StartupProblems();
        var plugins = PluginSet.Load(configuration, ConfigurationModule.ReadOptions(configuration, problems), problems);
        ListenAddresses.Check(configuration, problems);
        if (json) Console.WriteLine(JsonSerializer.Serialize(new { Ok = problems.All.Count == 0, Problems = problems.All, Loaded = plugins.Plugins.Select(plugin => plugin.Manifest.Id) }, Json));
        else problems.ThrowIfAny();
        if (!json) Console.WriteLine($"No problem found: {plugins.Drivers.Count} drivers of {plugins.Plugins.Count} plugins.");
        return problems.All.Count == 0 ? ExitCode.Done : ExitCode.Unusable;
    }

    private sealed record Row(string Slot, string Driver, string Plugin, string Contract, bool Served, bool InUse, string Directory);
}
