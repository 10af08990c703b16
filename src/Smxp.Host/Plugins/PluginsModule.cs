using Smxp.Host.Domains;
using Smxp.Host.Mail.Intake;
using Smxp.Plugins.Bridge;
using Smxp.Plugins.Content;
using Smxp.Plugins.Dns;
using Smxp.Plugins.Host;
using Smxp.Plugins.Signatures;
using Smxp.Plugins.Storage;

namespace Smxp.Host.Plugins;

/// <summary>What this folder adds to the host: the drivers as services of their contracts, and their lifecycle.</summary>
internal static class PluginsModule
{
    /// <summary>The key under which the single DNS resolvers stand; without it one gets the chain of them.</summary>
    private const string Chained = "chained";

    /// <summary>Comes before every other module, so that drivers are started before anything that uses them.</summary>
    public static IServiceCollection AddPlugins(this IServiceCollection services, PluginSet plugins)
    {
        services.AddSingleton(plugins);
        foreach (var driver in plugins.Drivers)
        {
            services.Add(driver.Contract == typeof(IDnsResolver)
                ? ServiceDescriptor.KeyedSingleton(driver.Contract, Chained, (provider, _) => driver.Create(provider))
                : ServiceDescriptor.Singleton(driver.Contract, driver.Create));
        }

        services.AddSingleton<IDnsResolver>(provider => new DnsChain([.. provider.GetKeyedServices<IDnsResolver>(Chained)]));
        services.AddSingleton<ISignatureAlgorithms>(provider => new SignatureAlgorithms(provider.GetServices<ISignatureAlgorithm>()));
        services.AddSingleton<IContentTypes>(provider => new ContentTypes(provider.GetServices<IContentType>()));
        services.AddSingleton(provider => MessageStoreAs<IOutbox>(provider, "an outbox"));
        services.AddSingleton(provider => MessageStoreAs<IOutboxControl>(provider, "an outbox that can be steered"));
        services.AddSingleton(provider => MessageStoreAs<IBridgeState>(provider, "bridge state"));
        services.AddSingleton<IConversations>(provider =>
            new Conversations(MessageStoreAs<IConversations>(provider, "conversations that can be merged and split"), provider.GetRequiredService<IEventBus>()));
        services.AddSingleton(provider => new DriverSet([.. AllDrivers(provider, plugins)]));
        services.AddHostedService<DriverStarter>();
        foreach (var create in plugins.Plugins.SelectMany(plugin => plugin.Registered.HostedServices)) services.AddSingleton(create);
        return services;
    }

    /// <summary>Comes after every other module, so that bridges open their doors last and close them first.</summary>
    public static IServiceCollection AddBridges(this IServiceCollection services) => services.AddHostedService<BridgeStarter>();

    private static T MessageStoreAs<T>(IServiceProvider services, string what)
        where T : class =>
        services.GetRequiredService<IMessageStore>() as T ?? throw new Configuration.StartupException([$"Smxp:Storage:Messages:Driver: this driver keeps no {what}; choose one that does"]);

    /// <summary>One of each, in the order of the slots; a driver that fills several slots with one object is listed once.</summary>
    private static IEnumerable<RunningDriver> AllDrivers(IServiceProvider services, PluginSet plugins)
    {
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        foreach (var slot in plugins.Drivers.GroupBy(driver => driver.Contract))
        {
            var made = slot.Key == typeof(IDnsResolver) ? services.GetKeyedServices(slot.Key, Chained) : services.GetServices(slot.Key);
            foreach (var (driver, instance) in slot.Zip(made.OfType<object>()))
                if (seen.Add(instance)) yield return new(driver, instance);
        }
    }
}

/// <summary>A driver and the object it became.</summary>
internal sealed record RunningDriver(ChosenDriver Driver, object Instance);

/// <summary>All drivers in use, bridges included.</summary>
internal sealed record DriverSet(IReadOnlyList<RunningDriver> All);
