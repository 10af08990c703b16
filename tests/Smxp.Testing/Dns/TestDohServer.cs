using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;

namespace Smxp.Testing.Dns;

/// <summary>DNS-over-HTTPS on loopback (plain HTTP) that serves a <see cref="TestZone"/>: the wire format at <c>/dns-query</c>, the JSON form at <c>/resolve</c>.</summary>
public sealed class TestDohServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestDohServer(WebApplication app, int port) => (_app, Port) = (app, port);

    public int Port { get; }

    public string WireEndpoint => $"http://127.0.0.1:{Port}/dns-query";

    public string JsonEndpoint => $"http://127.0.0.1:{Port}/resolve";

    /// <summary>How many requests came.</summary>
    public int Requests { get; private set; }

    /// <summary>Answers a request in place of the zone, where it answers one.</summary>
    public Func<HttpRequest, IResult?> Instead { get; set; } = _ => null;

    public static async Task<TestDohServer> StartAsync(TestZone zone)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        int port = FreePort.Next();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        builder.Logging.ClearProviders();
        WebApplication app = builder.Build();
        var server = new TestDohServer(app, port);
        app.Run(context => server.AnswerAsync(context, zone));
        await app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context, TestZone zone)
    {
        Requests++;
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
