using System.Buffers.Text;
using System.Diagnostics;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using NSec.Cryptography;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Smxp.Protocol;

namespace Smxp.Benchmarks;

/// <summary><c>POST /.smxp/receive</c>: envelopes signed beforehand, each sent once, over eight connections, every answer checked.</summary>
internal static class Receive
{
    private const int Connections = 8;
    private const int BodySize = 1024;
    private const double WarmUp = 0.4;
    private const string KeyId = "YmVuY2htYXJrYmVuY2htYQ";

    public static async Task<int> RunAsync(string[] arguments)
    {
        string algorithm = arguments.ElementAtOrDefault(0) ?? "ML-DSA-65";
        int messages = int.Parse(arguments.ElementAtOrDefault(1) ?? "20000", System.Globalization.CultureInfo.InvariantCulture);
        (byte[] publicKey, Func<byte[], byte[]> sign) = algorithm == "Ed25519" ? Ed25519() : MlDsa65();

        int keyPort = HostProcess.FreePort();
        await using WebApplication keys = await ServeKeyAsync(keyPort, algorithm, publicKey);
        await using HostProcess host = await HostProcess.StartAsync(("Smxp:Dns:0:Driver", "static"), ("Smxp:Dns:0:Hosts:peer.test", $"http://127.0.0.1:{keyPort}"));
        await host.AddInboxAsync("alice", "example.test");

        byte[][] requests = new byte[messages][];
        Parallel.For(0, messages, i => requests[i] = RawConnection.Post("/.smxp/receive", Sign(i, sign)));
        int warmUp = (int)(messages * WarmUp);
        await SendAsync(host.Port, requests[..warmUp]);
        TimeSpan before = host.ProcessorTime;
        var watch = Stopwatch.StartNew();
        double[] latencies = await SendAsync(host.Port, requests[warmUp..]);
        watch.Stop();
        double cost = (host.ProcessorTime - before).TotalMilliseconds / latencies.Length;

        Array.Sort(latencies);
        Console.WriteLine($"receive {algorithm}: {latencies.Length / watch.Elapsed.TotalSeconds:F0}/s over {Connections} connections; median {latencies[latencies.Length / 2]:F1} ms, 99 % {latencies[(int)(latencies.Length * 0.99)]:F1} ms; {cost:F3} ms of the host's processor time each");
        return 0;
    }

    private static async Task<double[]> SendAsync(int port, byte[][] requests)
    {
        double[] latencies = new double[requests.Length];
        int next = -1;
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(async () =>
        {
            using var connection = new RawConnection();
            await connection.ConnectAsync(port);
            for (int i; (i = Interlocked.Increment(ref next)) < requests.Length;)
            {
                long start = Stopwatch.GetTimestamp();
                int status = await connection.SendAsync(requests[i]);
                latencies[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
                if (status != StatusCodes.Status201Created) throw new InvalidOperationException($"The host answered {status}.");
            }
        })));
        return latencies;
    }

    private static ReadOnlySpan<byte> Sign(int number, Func<byte[], byte[]> sign) => SignedEnvelope.Sign(
        new Envelope
        {
            From = "bob@peer.test",
            To = "alice@example.test",
            Timestamp = 1_790_000_000 + number,
            ConversationId = $"conversation-{number % 100}",
            Subject = $"Message {number}",
            Body = Convert.ToHexString(RandomNumberGenerator.GetBytes(BodySize / 2)),
        },
        KeyId,
        text => sign(text.ToArray())).Utf8.Span;

    private static async Task<WebApplication> ServeKeyAsync(int port, string algorithm, byte[] publicKey)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls($"http://127.0.0.1:{port}");
        builder.Logging.ClearProviders();
        WebApplication app = builder.Build();
        app.Run(context => Results.Json(new { public_key = Base64Url.EncodeToString(publicKey), key_id = KeyId, algorithm }).ExecuteAsync(context));
        await app.StartAsync();
        return app;
    }

    private static (byte[] PublicKey, Func<byte[], byte[]> Sign) MlDsa65()
    {
        var key = MLDsaPrivateKeyParameters.FromSeed(MLDsaParameters.ml_dsa_65, RandomNumberGenerator.GetBytes(32));
        return (key.GetPublicKeyEncoded(), message =>
        {
            var signer = new MLDsaSigner(MLDsaParameters.ml_dsa_65, deterministic: true);
            signer.Init(forSigning: true, key);
            signer.BlockUpdate(message, 0, message.Length);
            return signer.GenerateSignature();
        }
        );
    }

    private static (byte[] PublicKey, Func<byte[], byte[]> Sign) Ed25519()
    {
        var key = NSec.Cryptography.Key.Create(SignatureAlgorithm.Ed25519);
        return (key.PublicKey.Export(KeyBlobFormat.RawPublicKey), message => SignatureAlgorithm.Ed25519.Sign(key, message));
    }
}
