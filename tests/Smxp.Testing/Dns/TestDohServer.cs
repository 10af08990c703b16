using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;

namespace Smxp.Testing.Dns;

/// <summary>DNS-over-HTTPS on loopback (plain HTTP, or HTTPS where it is given a certificate) that serves a <see cref="TestZone"/>: the wire format at <c>/dns-query</c>, the JSON form at <c>/resolve</c>.</summary>
public sealed class TestDohServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private readonly string _root;

    private TestDohServer(WebApplication app, int port, bool encrypted)
    {
        (_app, Port) = (app, port);
        _root = $"{(encrypted ? "https" : "http")}://127.0.0.1:{port}";
    }

    public int Port { get; }

    public string WireEndpoint => $"{_root}/dns-query";

    public string JsonEndpoint => $"{_root}/resolve";

    /// <summary>How many requests came.</summary>
    public int Requests { get; private set; }

    /// <summary>The protocol of the last request, e.g. <c>HTTP/2</c>.</summary>
    public string? Protocol { get; private set; }

    /// <summary>Answers a request in place of the zone, where it answers one.</summary>
    public Func<HttpRequest, IResult?> Instead { get; set; } = _ => null;

    public static async Task<TestDohServer> StartAsync(TestZone zone, X509Certificate2? certificate = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        int port = FreePort.Next();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen =>
        {
            if (certificate is not null) listen.UseHttps(certificate);
        }));
        builder.Logging.ClearProviders();
        WebApplication app = builder.Build();
        var server = new TestDohServer(app, port, certificate is not null);
        app.Run(context => server.AnswerAsync(context, zone));
        await app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context, TestZone zone)
    {
        Requests++;
        Protocol = context.Request.Protocol;
        if (Instead(context.Request) is { } instead)
        {
            await instead.ExecuteAsync(context);
            return;
        }

        string? name = context.Request.Query["name"], query = context.Request.Query["dns"];
        if (context.Request.Path == "/dns-query" && query is not null)
        {
            context.Response.ContentType = "application/dns-message";
            await context.Response.Body.WriteAsync(zone.Respond(WebEncoders.Base64UrlDecode(query)));
        }
        else if (context.Request.Path == "/resolve" && name is not null)
        {
            context.Response.ContentType = "application/dns-json";
            await context.Response.WriteAsync(Json(zone, name.ToLowerInvariant(), ushort.Parse(context.Request.Query["type"]!, System.Globalization.CultureInfo.InvariantCulture)));
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
        }
    }

    // Data in the generic form of RFC 3597, as the reference's resolver may answer, except where a text form is certain.
    private static string Json(TestZone zone, string name, ushort type)
    {
        zone.Asked.AddOrUpdate((name, type), 1, (_, count) => count + 1);
        var answers = zone.Find(name, type).Select(record => new
        {
            name = record.Name + ".",
            type = record.Type,
            TTL = record.TimeToLive,
            data = record.Type is 1 or 28 ? new IPAddress(record.Data).ToString() : $"\\# {record.Data.Length} {string.Join(' ', Convert.ToHexString(record.Data).Chunk(2).Select(pair => new string(pair)))}",
        });
        return JsonSerializer.Serialize(new { Status = zone.Code(name), TC = false, AD = true, Question = new[] { new { name = name + ".", type } }, Answer = answers });
    }
}
