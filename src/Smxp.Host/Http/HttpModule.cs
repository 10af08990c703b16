using Smxp.Host.Configuration;

namespace Smxp.Host.Http;

/// <summary>What this folder adds to the host: the listener with its limits, and what every request passes through.</summary>
internal static class HttpModule
{
    private const string DefaultUrl = "http://127.0.0.1:7777";

    public static void AddHttp(this WebApplicationBuilder builder)
    {
        builder.Configuration.Sources.Insert(0, new Microsoft.Extensions.Configuration.Memory.MemoryConfigurationSource { InitialData = [new(WebHostDefaults.ServerUrlsKey, DefaultUrl)] });
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(30));
    }

    public static void UseHttp(this WebApplication app)
    {
    }
}
