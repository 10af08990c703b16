using System.Net;
using Smxp.Host.Errors;

namespace Smxp.Host.Telemetry;

/// <summary>The listener for <c>/metrics</c> alone, beside the main one.</summary>
internal static class MetricsListener
{
    /// <summary>Adds it the way the others are configured: Kestrel ignores <c>urls</c> once it has endpoints of its own.</summary>
    public static void Add(ConfigurationManager configuration, IPEndPoint listen)
    {
        var url = $"http://{listen}";
        if (configuration.GetSection("Kestrel:Endpoints").GetChildren().Any()) configuration["Kestrel:Endpoints:SmxpMetrics:Url"] = url;
        else configuration[WebHostDefaults.ServerUrlsKey] = $"{configuration[WebHostDefaults.ServerUrlsKey]};{url}";
    }

    /// <summary>Metrics there and nowhere else, and there nothing else. The port a connection came in by cannot be forged, as a Host header can.</summary>
    public static Task KeepApartAsync(HttpContext context, RequestDelegate next, int port, string path)
    {
        var isMetrics = context.Request.Path.Equals(path, StringComparison.Ordinal);
        return context.Connection.LocalPort == port == isMetrics ? next(context) : Rejection.NoRoute.ExecuteAsync(context);
    }
}
