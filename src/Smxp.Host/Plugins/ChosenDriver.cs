using System.Reflection;
using Smxp.Host.Configuration;

namespace Smxp.Host.Plugins;

/// <summary>A driver that configuration names, its settings bound and checked, ready to be made.</summary>
internal sealed record ChosenDriver(DriverName Name, string Path, Type Contract, Func<IServiceProvider, object> Create)
{
    public static ChosenDriver Bind(DriverChoice choice, RegisteredDriver driver, StartupProblems problems)
    {
        object? settings = null;
        try
        {
            // A settings class may own a key of a name we use ourselves, e.g. Enabled; then both read it.
            settings = new StrictBinder(problems).Bind(driver.Settings, choice.Settings, choice.Reserved);
        }
        catch (Exception e)
        {
            problems.Add(choice.Settings.Path, $"the settings class of {choice.Driver} failed: {e.GetBaseException().Message}");
        }

        return new(choice.Driver, choice.Settings.Path, driver.Contract, services => Make(choice, driver, services, settings!));
    }

    private static object Make(DriverChoice choice, RegisteredDriver driver, IServiceProvider services, object settings)
    {
        try
        {
            return driver.Create(services, settings) ?? throw new InvalidOperationException("it made nothing");
        }
        catch (Exception e) when (e is not StartupException)
        {
            throw new StartupException([$"{choice.Path}: {choice.Driver} could not be made: {(e is TargetInvocationException ? e.GetBaseException() : e).Message}"], e);
        }
    }
}
