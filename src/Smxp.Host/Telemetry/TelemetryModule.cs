using Microsoft.Extensions.Logging.Console;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Smxp.Host.Admin;
using Smxp.Host.Configuration;

namespace Smxp.Host.Telemetry;

/// <summary>
/// What this folder adds to the host: compact logs, metrics at <c>/metrics</c> for Prometheus, and where an OTLP endpoint is configured, metrics and traces pushed
/// there. With <c>Telemetry:MetricsListen</c> the metrics have a listener of their own, and nothing else is served on it.
/// </summary>
internal static class TelemetryModule
{
    private const string Path = "/metrics";

    private static readonly string[] Meters = [SmxpMetrics.MeterName, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Net.Http", "System.Runtime"];

    public static void AddTelemetry(this WebApplicationBuilder builder, TelemetryOptions options)
    {
        builder.Services.AddSingleton<SmxpMetrics>();
        if (builder.Configuration["Logging:Console:FormatterName"] == ConsoleFormatterNames.Json) builder.Logging.AddJsonConsole();
        else builder.Logging.AddSimpleConsole(static console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss ";
        });

        // A failed start is told once, in plain words, by whoever asked for it; the host would add a stack trace.
        builder.Services.AddSingleton<StartedFlag>();
        builder.Services.AddOptions<LoggerFilterOptions>().Configure<StartedFlag>((filter, started) =>
            filter.Rules.Add(new LoggerFilterRule(null, "Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Warning, (_, _, _) => started.IsSet)));

        if (options.MetricsEndPoint is { } listen) MetricsListener.Add(builder.Configuration, listen);
        var telemetry = builder.Services.AddOpenTelemetry().ConfigureResource(resource => resource.AddService("smxp"))
            .WithMetrics(metrics => metrics.AddMeter(Meters).AddPrometheusExporter());
        if (options.OtlpEndpoint.Length == 0) return;
        var collector = new Uri(options.OtlpEndpoint);
        telemetry.WithMetrics(metrics => metrics.AddOtlpExporter(otlp => otlp.Endpoint = collector))
            .WithTracing(traces => traces.AddSource(SmxpMetrics.MeterName).AddAspNetCoreInstrumentation().AddHttpClientInstrumentation().AddOtlpExporter(otlp => otlp.Endpoint = collector));
    }

    public static void MapTelemetry(this WebApplication app)
    {
        var started = app.Services.GetRequiredService<StartedFlag>();
        app.Lifetime.ApplicationStarted.Register(() => started.IsSet = true);
        var endpoint = app.MapPrometheusScrapingEndpoint(Path);
        if (app.Services.GetRequiredService<SmxpOptions>().Telemetry.MetricsEndPoint is { } listen)
            app.Use((context, next) => MetricsListener.KeepApartAsync(context, next, listen.Port, Path));
        else endpoint.RequireAdmin();
    }
}

/// <summary>Whether the server has come up.</summary>
internal sealed class StartedFlag
{
    private volatile bool _isSet;

    public bool IsSet
    {
        get => _isSet;
        set => _isSet = value;
    }
}
