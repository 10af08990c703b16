using System.Net.Security;
using System.Text.Json;

namespace Smxp.Host.Doctor.Checks;

/// <summary>Whether the world reaches the server's SMXP port, and the server there serves the domain (SMXP §6).</summary>
internal sealed class PortCheck : ICheck
{
    private const int LargestAnswer = 1024 * 1024;

    public string Name => "SMXP port";

    public async Task<Finding> RunAsync(Patient patient, CancellationToken cancellationToken)
    {
        if (PublicServer.Of(patient) is not { } server) return Finding.Skipped("the server does not say where it is");
        // Whether the certificate is good is another check's question.
#pragma warning disable CA5359
        using var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = static (_, _, _, _) => true },
            ConnectCallback = (context, cancel) => Connections.OpenAsync(patient.Names, context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancel),
        };
#pragma warning restore CA5359
        using var http = new HttpClient(handler) { MaxResponseContentBufferSize = LargestAnswer };
        string reach = $"Open port {server.Port} of {server.Host} to the internet; the server, or a proxy before it, must speak TLS there.";
        try
        {
            using var answer = await http.GetAsync(new Uri($"https://{server.Host}:{server.Port}/.smxp/health"), cancellationToken);
            if (!answer.IsSuccessStatusCode) return Finding.Failure($"{server.Host}:{server.Port} answers {(int)answer.StatusCode}", "Look at the server's log: a driver is not working, or something else answers there.");
            using var health = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancellationToken));
            bool serves = health.RootElement.GetProperty("domains").EnumerateArray().Any(name => name.GetString() == patient.Domain);
            return serves ? Finding.Ok($"{server.Host}:{server.Port} serves {patient.Domain}") : Finding.Failure($"{server.Host}:{server.Port} is an SMXP server that does not serve {patient.Domain}", reach);
        }
        catch (HttpRequestException e)
        {
            return Finding.Failure($"{server.Host}:{server.Port} cannot be reached: {e.Message}", reach);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return Finding.Failure($"{server.Host}:{server.Port} is no SMXP server", reach);
        }
    }
}
