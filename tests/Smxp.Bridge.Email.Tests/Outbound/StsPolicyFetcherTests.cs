using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Smxp.Bridge.Email.Outbound;
using Smxp.Bridge.Email.Outbound.MtaSts;
using Smxp.Plugins.Dns;
using Smxp.Testing;

namespace Smxp.Bridge.Email.Tests.Outbound;

/// <summary>Policies over real HTTPS.</summary>
public sealed class StsPolicyFetcherTests : IAsyncLifetime, IDisposable
{
    private const string Policy = "version: STSv1\nmode: none\nmax_age: 1\n";

    private readonly TestCertificates _certificates = new();
    private readonly FakeDns _dns = new();
    private readonly OutboundSettings _settings = new() { MtaStsPort = FreePort.Next(), AllowPrivateNetworks = true };
    private X509Certificate2 _served = null!;
    private RequestDelegate _answer = static context => context.Response.WriteAsync(Policy);
    private WebApplication _app = null!;

    public async Task InitializeAsync()
    {
        _served = _certificates.Issue("mta-sts.far.test");
        _dns.Add("mta-sts.far.test", DnsRecordType.A, new AddressData(IPAddress.Loopback));
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, _settings.MtaStsPort, listen => listen.UseHttps(https =>
        {
            https.ServerCertificateSelector = (_, _) => _served;
            // Kestrel itself would fetch what a certificate says its issuer is.
            https.OnAuthenticate = (_, tls) => (tls.ServerCertificateSelectionCallback, tls.ServerCertificateContext) = (null, SslStreamCertificateContext.Create(_served, null, offline: true));
        })));
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.Run(context =>
        {
            context.Response.ContentType = "text/plain";
            return context.Request.Path == "/.well-known/mta-sts.txt" ? _answer(context) : Task.CompletedTask;
        });
        await _app.StartAsync();
    }

    public Task DisposeAsync() => _app.DisposeAsync().AsTask();

    public void Dispose() => _certificates.Dispose();

    [Fact]
    public async Task Fetches_a_policy() => Assert.Equal(Policy, (await FetchAsync()).Text);

    [Fact]
    public async Task Needs_a_valid_certificate_for_the_policy_host()
    {
        Assert.Equal("sts-webpki-invalid", (await FetchAsync(trusted: false)).Failure);
        _served = _certificates.Issue("far.test");
        Assert.Equal("sts-webpki-invalid", (await FetchAsync()).Failure);
    }

    [Fact]
    public async Task Follows_no_redirect_and_takes_nothing_but_plain_text_of_a_modest_size()
    {
        foreach (RequestDelegate answer in new RequestDelegate[]
        {
            static context =>
            {
                context.Response.Redirect("/elsewhere");
                return Task.CompletedTask;
            },
            static context =>
            {
                context.Response.ContentType = "text/html";
                return context.Response.WriteAsync(Policy);
            },
            static context => context.Response.WriteAsync(Policy + new string('x', 65_536)),
        })
        {
            _answer = answer;
            var fetch = await FetchAsync();
            Assert.Equal((null, "sts-policy-fetch-error"), (fetch.Text, fetch.Failure));
        }
    }

    [Fact]
    public async Task Goes_to_no_private_address()
    {
        _settings.AllowPrivateNetworks = false;
        Assert.Contains("no address that may be connected to", (await FetchAsync()).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fetches_no_issuer_from_where_a_certificate_says()
    {
        using var inside = new TcpListener(IPAddress.Loopback, 0);
        inside.Start();
        _served = _certificates.IssueWithAddress("mta-sts.far.test", $"http://{inside.LocalEndpoint}/issuer.cer");
        Assert.Equal("sts-webpki-invalid", (await FetchAsync(trusted: false)).Failure);
        Assert.Equal(Policy, (await FetchAsync()).Text);
        Assert.False(inside.Pending());
    }

    private async Task<StsFetch> FetchAsync(bool trusted = true)
    {
        using var fetcher = new StsPolicyFetcher(new MailRoutes(_dns, _settings), _settings, trusted ? [_certificates.Authority] : []);
        return await fetcher.FetchAsync("far.test", CancellationToken.None);
    }
}
