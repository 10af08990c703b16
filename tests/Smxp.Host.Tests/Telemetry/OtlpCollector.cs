using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Smxp.Testing;

namespace Smxp.Host.Tests.Telemetry;

/// <summary>An OTLP collector on loopback, gRPC over plain HTTP/2: keeps the text of what is pushed to it, by service.</summary>
internal sealed class OtlpCollector : IAsyncDisposable
{
    private const int FrameHead = 5;

    private readonly WebApplication _app;

    private OtlpCollector(WebApplication app, int port) => (_app, Port) = (app, port);

    public int Port { get; }

    /// <summary>What came, by path: protocol buffers read as Latin-1, which is enough to find names in.</summary>
    public ConcurrentQueue<(string Path, string Text)> Pushed { get; } = new();

    public static async Task<OtlpCollector> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        int port = FreePort.Next();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var collector = new OtlpCollector(app, port);
        app.Run(collector.TakeAsync);
        await app.StartAsync();
        return collector;
    }

    /// <summary>All that came to a service.</summary>
    public string TextOf(string service) => string.Concat(Pushed.Where(push => push.Path.Contains(service, StringComparison.Ordinal)).Select(push => push.Text));

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        byte[] bytes = body.ToArray();
        // A gRPC message: not compressed, and as long as it says.
        if (context.Request.ContentType != "application/grpc" || bytes[0] != 0 || BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(1)) != bytes.Length - FrameHead)
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        Pushed.Enqueue((context.Request.Path, Encoding.Latin1.GetString(bytes, FrameHead, bytes.Length - FrameHead)));
        context.Response.ContentType = "application/grpc";
        await context.Response.Body.WriteAsync(new byte[FrameHead]);
        context.Response.AppendTrailer("grpc-status", "0");
    }
}
