using System.Net.Quic;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration.Memory;
using Smxp.Host.Configuration;

namespace Smxp.Host.Http;

/// <summary>
/// What this folder adds to the host: the listener with its limits, and what every request passes through. Addresses and certificates are Kestrel's own
/// configuration (<c>--urls</c>, section <c>Kestrel</c>); a certificate file that changes is taken up without a restart.
/// </summary>
internal static class HttpModule
{
    private const string DefaultUrl = "http://127.0.0.1:7777";

    // Room for what stands around an envelope of the largest size: the other members of a send request.
    private const int Surroundings = 64 * 1024;

    public static void AddHttp(this WebApplicationBuilder builder)
    {
        // Where Kestrel's own section names endpoints, an address of ours would only be warned of as passed over.
        if (!builder.Configuration.GetSection("Kestrel:Endpoints").GetChildren().Any())
            builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = [new(WebHostDefaults.ServerUrlsKey, DefaultUrl)] });
        builder.WebHost.UseKestrelHttpsConfiguration();
        if (ServesHttps(builder.Configuration) && CanQuic) builder.WebHost.UseQuic();

        builder.Services.AddOptions<KestrelServerOptions>().Configure<SmxpOptions>(Limit).Bind(builder.Configuration.GetSection("Kestrel"));
        // A backstop for handlers that hang. What may rightly take long (streams, blobs) opts out; slow senders meet Kestrel's least data rate first.
        builder.Services.AddRequestTimeouts(timeouts => timeouts.DefaultPolicy = new() { Timeout = TimeSpan.FromMinutes(5), TimeoutStatusCode = StatusCodes.Status503ServiceUnavailable });
        builder.Services.AddCors();

        // What is under way at SIGTERM may finish; what is not done then is cut off.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(30));
    }

    public static void UseHttp(this WebApplication app)
    {
        if (ServesHttps(app.Configuration) && !CanQuic) HttpLog.NoQuic(app.Logger);
        app.Use(SafeHeaders.ApplyAsync);
        if (app.Services.GetRequiredService<SmxpOptions>().Cors.Origins is { Length: > 0 } origins) app.UseCors(cors => CorsPolicy.Allow(cors, origins));
        app.UseRequestTimeouts();
    }

    private static void Limit(KestrelServerOptions kestrel, SmxpOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = options.Federation.MaxEnvelopeBytes + Surroundings;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
    }

    private static bool ServesHttps(IConfiguration configuration) =>
        !string.IsNullOrEmpty(configuration["https_ports"])
        || configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => endpoint["Url"]).Append(configuration[WebHostDefaults.ServerUrlsKey])
            .Any(url => url?.Contains("https://", StringComparison.OrdinalIgnoreCase) == true);

    private static bool CanQuic => (OperatingSystem.IsLinux() || OperatingSystem.IsWindows() || OperatingSystem.IsMacOS()) && QuicListener.IsSupported;
}

internal static partial class HttpLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "HTTP/3 is unavailable, this machine has no QUIC; HTTP/1.1 and HTTP/2 are served")]
    public static partial void NoQuic(ILogger logger);
}
