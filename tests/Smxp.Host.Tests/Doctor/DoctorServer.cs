using Microsoft.Extensions.DependencyInjection;
using Smxp.Client;
using Smxp.Host.Doctor;
using Smxp.Plugins.Dns;
using Smxp.Testing;
using Smxp.Testing.Dns;

namespace Smxp.Host.Tests.Doctor;

/// <summary>A server with TLS and the email bridge, and a name server that says of its domain what a test wants.</summary>
public sealed class DoctorServer : IAsyncLifetime, IDisposable
{
    public const string Domain = "example.test";

    private readonly TemporaryDirectory _files = new();
    private readonly PrivateAuthority _authority = new();
    private readonly int _smtp = FreePort.Next();

    /// <summary>Whether it speaks email.</summary>
    internal bool HasMail { get; init; } = true;

    /// <summary>Where it speaks TLS.</summary>
    internal int TlsPort { get; } = FreePort.Next();

    public TestServer Server { get; private set; } = null!;

    public string Authorities => _files["authority.pem"];

    internal SmxpClient Client { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        _authority.Export(Authorities);
        _authority.Issue("gw.example.test", _files["server.pem"], _files["server.key"]);
        Server = await TestServer.StartAsync(settings =>
        {
            settings.Port = FreePort.Next();
            settings.With("Kestrel:Endpoints:Http:Url", $"http://127.0.0.1:{settings.Port}").With("Kestrel:Endpoints:Https:Url", $"https://127.0.0.1:{TlsPort}")
                .With("Kestrel:Endpoints:Https:Certificate:Path", _files["server.pem"]).With("Kestrel:Endpoints:Https:Certificate:KeyPath", _files["server.key"])
                .With("Smxp:PublicHost", "gw.example.test").With("Smxp:PublicPort", $"{TlsPort}")
                .With("Smxp:Bridge:Email:Enabled", HasMail ? "true" : "false");
            if (HasMail) settings.With("Smxp:Bridge:Email:HostName", "mx.example.test").With("Smxp:Bridge:Email:Smtp:Listen:0", $"127.0.0.1:{_smtp}");
        });
        await Server.AddDomainAsync(Domain);
        Client = new SmxpClient(Server.BaseAddress) { AdminSecret = TestServer.AdminSecret };
    }

    public async Task DisposeAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync();
    }

    public void Dispose()
    {
        _files.Dispose();
        _authority.Dispose();
    }

    /// <summary>A zone with everything the server and its bridge want.</summary>
    internal async Task<TestZone> RightZoneAsync()
    {
        Patient patient = await AdmitAsync(new NoDns());
        TestZone zone = new TestZone().Address("gw.example.test", "127.0.0.1").Address("mx.example.test", "127.0.0.1").Pointer("1.0.0.127.in-addr.arpa", "mx.example.test")
            .Service(patient.Records.Service.Name, patient.Records.Service.Value).Exchange(Domain, 10, "mx.example.test");
        foreach (var key in patient.Records.Keys!) zone.Text(key.Name, key.Value);
        foreach (var record in patient.Wanted.Where(static record => record.Type == "TXT")) zone.Text(record.Name, [.. record.Value.Chunk(255).Select(static part => new string(part))]);
        return zone;
    }

    /// <summary>What the doctor finds where the world says this.</summary>
    internal async Task<Dictionary<string, Diagnosis>> ExamineAsync(TestDnsServer dns, Func<Patient, Patient>? change = null, int seconds = 20)
    {
        // The real resolver, as the command loads it.
        await using var resolving = await TestServer.StartAsync(settings => settings.With("Smxp:Dns:0:Driver", "system").With("Smxp:Dns:0:Servers:0", dns.Address).With("Smxp:Dns:0:TimeoutMilliseconds", "1000"));
        Patient patient = await AdmitAsync(resolving.Services.GetRequiredService<IDnsResolver>());
        var found = await new Examination(Examination.All, TimeSpan.FromSeconds(seconds)).RunAsync(change?.Invoke(patient) ?? patient, CancellationToken.None);
        return found.ToDictionary(static diagnosis => diagnosis.Check, StringComparer.Ordinal);
    }

    private async Task<Patient> AdmitAsync(IDnsResolver dns)
    {
        var authorities = new System.Security.Cryptography.X509Certificates.X509Certificate2Collection(_authority.Certificate);
        var domain = await Client.Admin.Domains.GetAsync(Domain, CancellationToken.None);
        return (await Admission.AdmitAsync(Client, domain, new Names(dns), authorities, CancellationToken.None)) with { SmtpPort = _smtp };
    }

    private sealed class NoDns : IDnsResolver
    {
        public ValueTask<DnsAnswer?> ResolveAsync(DnsQuestion question, CancellationToken cancellationToken) => ValueTask.FromResult<DnsAnswer?>(null);
    }
}
