using Smxp.Plugins;

namespace Smxp.Host.Plugins;

/// <summary>Takes down what a plugin registers; nothing is made yet.</summary>
internal sealed class PluginBuilder : IPluginBuilder
{
    public List<RegisteredDriver> Drivers { get; } = [];

    public List<Func<IServiceProvider, IHostedService>> HostedServices { get; } = [];

    public void Driver<TContract, TSettings>(string name, Func<IServiceProvider, TSettings, TContract> create)
        where TContract : class
        where TSettings : class, new() =>
        Drivers.Add(new(typeof(TContract), name, typeof(TSettings), (services, settings) =>
        {
            using var own = PluginAssembly.Enter(create.Method.Module.Assembly);
            return create(services, (TSettings)settings);
        }));

    public void HostedService(Func<IServiceProvider, IHostedService> create) => HostedServices.Add(create);
}

/// <summary>A driver as its plugin registered it.</summary>
internal sealed record RegisteredDriver(Type Contract, string Name, Type Settings, Func<IServiceProvider, object, object> Create);
