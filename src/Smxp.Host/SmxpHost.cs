using Smxp.Host.Account;
using Smxp.Host.Admin;
using Smxp.Host.Auth;
using Smxp.Host.Blobs;
using Smxp.Host.Bridges;
using Smxp.Host.Configuration;
using Smxp.Host.Delegations;
using Smxp.Host.Delivery;
using Smxp.Host.Domains;
using Smxp.Host.Errors;
using Smxp.Host.Federation;
using Smxp.Host.Health;
using Smxp.Host.Http;
using Smxp.Host.Mail;
using Smxp.Host.Memory;
using Smxp.Host.OpenApi;
using Smxp.Host.Plugins;
using Smxp.Host.Stream;
using Smxp.Host.Telemetry;

namespace Smxp.Host;

/// <summary>Puts the server together: settings, plugins, modules. <c>serve</c>, <c>demo</c> and the tests all start this one.</summary>
internal static class SmxpHost
{
    /// <summary>Builds a server that is ready to start.</summary>
    /// <param name="args">Configuration as the command line says it, e.g. <c>--Smxp:DataDirectory /var/lib/smxp</c>.</param>
    /// <param name="configure">Settings of the caller's own, above all others; for tests and the demo.</param>
    /// <param name="replace">Services to replace, after every module added its own; for tests.</param>
    /// <exception cref="StartupException">What keeps it from starting, all of it.</exception>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null, Action<IServiceCollection>? replace = null)
    {
        // No watching of the working directory, which may hold the data: settings are read once.
        var builder = WebApplication.CreateSlimBuilder(["--hostBuilder:reloadConfigOnChange=false", .. args]);
        builder.Configuration.AddShippedSettings();
        builder.AddHttp();
        configure?.Invoke(builder);

        var problems = new StartupProblems();
        var options = ConfigurationModule.ReadOptions(builder.Configuration, problems);
        var plugins = PluginSet.Load(builder.Configuration, options, problems);
        ListenAddresses.Check(builder.Configuration, problems);
        var paths = ConfigurationModule.PreparePaths(options, problems);
        problems.ThrowIfAny();

        builder.AddTelemetry(options.Telemetry);
        builder.Services.AddConfiguration(options, paths).AddPlugins(plugins).AddErrors().AddHealth().AddApiDescription()
            .AddDomains().AddAuth().AddAccount().AddBlobs().AddMail().AddDelivery().AddFederation().AddDelegations().AddStream().AddAdmin().AddBridgeApi()
            .AddBridges().AddMemory();
        replace?.Invoke(builder.Services);

        var app = builder.Build();
        app.UseErrors();
        app.UseHttp();
        app.MapHealth();
        app.MapTelemetry();
        app.MapApiDescription();
        app.MapDomains();
        app.MapAuth();
        app.MapAccount();
        app.MapBlobs();
        app.MapMail();
        app.MapDelivery();
        app.MapFederation();
        app.MapDelegations();
        app.MapBridgeApi();
        app.MapStream();
        app.MapAdmin();
        return app;
    }
}
