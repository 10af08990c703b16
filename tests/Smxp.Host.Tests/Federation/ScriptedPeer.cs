using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Smxp.Host.Domains;
using Smxp.Plugins.Signatures;
using Smxp.Protocol;
using Smxp.Testing;

namespace Smxp.Host.Tests.Federation;

/// <summary>Another domain's server, as far as a test wants one: it serves its keys, takes envelopes, and signs what the test sends in its name.</summary>
internal sealed class ScriptedPeer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, (string Algorithm, byte[] PublicKey, ISigner Signer)> _keys = new();

    private ScriptedPeer(WebApplication app, string domain, int port) => (_app, Domain, Port) = (app, domain, port);

    public string Domain { get; }

    public int Port { get; }

    public string Url => $"http://127.0.0.1:{Port}";

    /// <summary>What it answers in place of itself, where it answers anything.</summary>
    public Func<HttpRequest, IResult?> Instead { get; set; } = _ => null;

    /// <summary>The requests that came: method, path and query, protocol.</summary>
    public ConcurrentQueue<(string Method, string Target, string Protocol)> Requests { get; } = new();

    /// <summary>The bodies of envelopes that came.</summary>
    public ConcurrentQueue<byte[]> Received { get; } = new();

    public int KeyRequests => Requests.Count(request => request.Target.StartsWith("/.smxp/server-key/", StringComparison.Ordinal));

    public static async Task<ScriptedPeer> StartAsync(string domain, int? port = null, X509Certificate2? certificate = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        int at = port ?? FreePort.Next();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, at, listen =>
        {
            if (certificate is not null) listen.UseHttps(https =>
            {
                https.ServerCertificateSelector = (_, _) => certificate;
                // Kestrel itself would fetch what a certificate says its issuer is.
                https.OnAuthenticate = (_, tls) => (tls.ServerCertificateSelectionCallback, tls.ServerCertificateContext) = (null, SslStreamCertificateContext.Create(certificate, null, offline: true));
            });
        }));
        builder.Logging.ClearProviders();
        WebApplication app = builder.Build();
        var peer = new ScriptedPeer(app, domain, at);
        app.Run(peer.AnswerAsync);
        await app.StartAsync();
        return peer;
    }

    /// <summary>Gives it a key and answers the key's id.</summary>
    public string AddKey(TestServer with, string algorithm = "Ed25519")
    {
        Assert.True(with.Services.GetRequiredService<ISignatureAlgorithms>().TryGet(algorithm, out ISignatureAlgorithm? plugin));
        KeyPair pair = plugin.GenerateKey();
        return AddKey(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)), algorithm, pair.PublicKey, plugin.OpenSecretKey(pair.SecretKey));
    }

    public string AddKey(string keyId, string algorithm, byte[] publicKey, ISigner signer)
    {
        _keys[keyId] = (algorithm, publicKey, signer);
        return keyId;
    }

    public void RemoveKey(string keyId) => _keys.TryRemove(keyId, out _);

    /// <summary>The key's DNS record.</summary>
    public string KeyRecordOf(string keyId) => new KeyRecord(_keys[keyId].Algorithm, keyId, Fingerprint.Of(_keys[keyId].PublicKey)).ToString();

    public byte[] Sign(string keyId, ReadOnlySpan<byte> text) => _keys[keyId].Signer.Sign(text);

    public SignedEnvelope Sign(string keyId, Envelope envelope) => SignedEnvelope.Sign(envelope, keyId, text => Sign(keyId, text.Span));

    public static Envelope Message(string from, string to, string body = "hello") => new()
    {
        From = from,
        To = to,
        Timestamp = DateTimeOffset.UtcNow.ToUnixTimeSeconds(),
        ConversationId = Guid.NewGuid().ToString(),
        Body = body,
    };

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        Requests.Enqueue((request.Method, request.Path + request.QueryString, request.Protocol));
        if (Instead(request) is { } instead)
        {
            await instead.ExecuteAsync(context);
        }
        else if (request.Path.StartsWithSegments("/.smxp/server-key"))
        {
            string kid = request.Query["kid"].ToString();
            IResult answer = _keys.TryGetValue(kid, out var key)
                ? Results.Json(new { public_key = Base64Url.EncodeToString(key.PublicKey), key_id = kid, algorithm = key.Algorithm })
                : Results.Json(new { error = "key not found" }, statusCode: 404);
            await answer.ExecuteAsync(context);
        }
        else if (request.Path == "/.smxp/receive")
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            Received.Enqueue(body.ToArray());
            await Results.Json(new { status = "accepted" }, statusCode: 201).ExecuteAsync(context);
        }
        else
        {
            context.Response.StatusCode = 404;
        }
    }
}
