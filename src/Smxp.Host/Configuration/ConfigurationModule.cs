using System.Text.Json;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.FileProviders;
using Smxp.Host.Plugins;
using Smxp.Plugins.Host;

namespace Smxp.Host.Configuration;

/// <summary>
/// Where settings come from and what the host makes of its own: <c>appsettings.json</c> beside the binary, then the one in the working directory, then the
/// environment, then the command line. Everything below <c>Smxp</c> is bound strictly; the rest (Kestrel, Logging) is the platform's.
/// </summary>
internal static class ConfigurationModule
{
    public const string Section = "Smxp";

    /// <summary>Puts the file shipped with the binary underneath everything else.</summary>
    public static void AddShippedSettings(this ConfigurationManager configuration)
    {
        configuration.Sources.Insert(0, new JsonConfigurationSource { FileProvider = new PhysicalFileProvider(AppContext.BaseDirectory), Path = "appsettings.json", Optional = true });
    }

    /// <summary>Binds the host's own settings; what is wrong with them joins the problems.</summary>
    public static SmxpOptions ReadOptions(IConfiguration configuration, StartupProblems problems) =>
        (SmxpOptions)new StrictBinder(problems).Bind(typeof(SmxpOptions), configuration.GetSection(Section), DriverChoices.Sections);

    public static IServiceCollection AddConfiguration(this IServiceCollection services, SmxpOptions options, ServerPaths paths)
    {
        services.AddSingleton(options);
        services.AddSingleton(paths);
        services.AddSingleton(TimeProvider.System);
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower);
        return services;
    }

    /// <summary>Makes the data directory; a folder that cannot be made is a problem like any other.</summary>
    public static ServerPaths PreparePaths(SmxpOptions options, StartupProblems problems)
    {
        if (string.IsNullOrWhiteSpace(options.DataDirectory)) return new ServerPaths(""); // which the binder has complained of
        try
        {
            return new ServerPaths(Directory.CreateDirectory(options.DataDirectory).FullName);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            problems.Add($"{Section}:{nameof(SmxpOptions.DataDirectory)}", $"cannot be created: {e.Message}");
            return new ServerPaths("");
        }
    }
}
