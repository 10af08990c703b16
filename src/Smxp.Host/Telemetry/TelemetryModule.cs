using Smxp.Host.Configuration;

namespace Smxp.Host.Telemetry;

/// <summary>What this folder adds to the host: logs, metrics and traces.</summary>
internal static class TelemetryModule
{
    public static void AddTelemetry(this WebApplicationBuilder builder, TelemetryOptions options)
    {
        builder.Services.AddSingleton<SmxpMetrics>();
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss ";
        });
        _ = options;
    }

    public static void MapTelemetry(this WebApplication app)
    {
    }
}
