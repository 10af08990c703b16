using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Smxp.Bridge.Email.Outbound;
using Smxp.Bridge.Email.Outbound.Dane;
using Smxp.Bridge.Email.Outbound.MtaSts;
using Smxp.Bridge.Email.Outbound.Smtp;
using Smxp.Plugins.Delivery;
using Smxp.Plugins.Dns;
using Smxp.Plugins.Storage;
using Smxp.Protocol;
using Smxp.Testing;

namespace Smxp.Bridge.Email.Tests.Outbound;

/// <summary>Mail out with everything real but DNS and the bridge's memory, towards servers on loopback.</summary>
internal sealed class OutboundWorld : IAsyncDisposable
{
    private readonly List<ForeignServer> _servers = [];
    private readonly Lazy<SmtpSender> _sender;
    private readonly Lazy<MailRoutes> _routes;

    private OutboundWorld()
    {
        Metrics = new OutboundMetrics(Meters);
        _routes = new(() => new MailRoutes(Dns, Settings));
        _sender = new(() =>
        {
            var policies = new StsPolicies(Dns, Policies, new StsMemory(State), Metrics, TimeProvider.System, NullLogger<StsPolicies>.Instance);
            var pool = new ConnectionPool(new SmtpConnector("gw.test", Settings, Trusted, Metrics, TimeProvider.System), Settings, Metrics, TimeProvider.System);
            return new SmtpSender(new HostPlan(_routes.Value, policies, new DaneLookup(Dns), Metrics, Settings), pool, new StandBack(TimeProvider.System), Path.GetTempPath());
        });
    }

    public static OutboundWorld Start() => new();

    public OutboundSettings Settings { get; } = new() { Port = FreePort.Next(), AllowPrivateNetworks = true, TimeoutSeconds = 10 };

    public FakeDns Dns { get; } = new();

    public FakePolicies Policies { get; } = new();

    public MemoryBridgeState State { get; } = new();

    public TestMeters Meters { get; } = new();

    public OutboundMetrics Metrics { get; }

    public X509Certificate2Collection Trusted { get; } = [];

    /// <summary>Starts a mail server named <c>{name}.far.test</c> on 127.0.0.{number}, and makes it an exchanger of far.test.</summary>
    public ForeignServer Server(int number, string name = "mx")
    {
        var server = new ForeignServer(Settings.Port, $"127.0.0.{number}");
        _servers.Add(server);
        Exchanger(number, name);
        return server;
    }

    public void Exchanger(int number, string name = "mx") => Dns
        .Add("far.test", DnsRecordType.Mx, new MailExchangeData(number, $"{name}{number}.far.test"))
        .Add($"{name}{number}.far.test", DnsRecordType.A, new AddressData(IPAddress.Parse($"127.0.0.{number}")));

    public async Task<HandOver> SendAsync(string text = "Subject: x\r\n\r\nHello\r\n", MailNeeds needs = MailNeeds.None) => (await SendAsync(["bob@far.test"], text, needs))[0];

    public async Task<IReadOnlyList<HandOver>> SendAsync(string[] recipients, string text = "Subject: x\r\n\r\nHello\r\n", MailNeeds needs = MailNeeds.None)
    {
        var route = await _routes.Value.FindAsync("far.test", CancellationToken.None);
        Assert.Equal(ReachKind.Yes, route.Kind);
        return await _sender.Value.SendAsync(route, Mail(recipients, text) with { Needs = needs }, CancellationToken.None);
    }

    public static OutgoingMail Mail(string[] recipients, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        return new OutgoingMail("alice@example.test", [.. recipients.Select(static each => new OutgoingRecipient(each))], bytes.Length, () => new MemoryStream(bytes)) { EnvelopeId = "id-1" };
    }

    public async ValueTask DisposeAsync()
    {
        if (_sender.IsValueCreated) await _sender.Value.DisposeAsync();
        foreach (var server in _servers) await server.DisposeAsync();
        Meters.Dispose();
    }
}

/// <summary>DNS as the test has it.</summary>
internal sealed class FakeDns : IDnsResolver
{
    private readonly ConcurrentDictionary<DnsQuestion, List<DnsRecord>> _records = new();

    /// <summary>Whether DNSSEC vouches for every answer.</summary>
    public bool Authenticated { get; set; }

    /// <summary>Questions of these types fail.</summary>
    public HashSet<DnsRecordType> Broken { get; } = [];

    public FakeDns Add(string name, DnsRecordType type, DnsRecord record)
    {
        _records.GetOrAdd(new DnsQuestion(name, type), static _ => []).Add(record);
        return this;
    }

    public void Remove(string name, DnsRecordType type) => _records.TryRemove(new DnsQuestion(name, type), out _);

    public ValueTask<DnsAnswer?> ResolveAsync(DnsQuestion question, CancellationToken cancellationToken) => ValueTask.FromResult<DnsAnswer?>(
        Broken.Contains(question.Type) ? DnsAnswer.Empty(DnsStatus.Failed, TimeSpan.Zero, "SERVFAIL")
        : _records.TryGetValue(question, out var records) ? new DnsAnswer(DnsStatus.Found, [.. records], TimeSpan.FromMinutes(1), Authenticated)
        : DnsAnswer.Empty(DnsStatus.NoName, TimeSpan.FromMinutes(1)));
}

/// <summary>Policy files as the test has them.</summary>
internal sealed class FakePolicies : IStsPolicySource
{
    public Dictionary<string, string> Files { get; } = [];

    public int Fetches { get; private set; }

    public Task<StsFetch> FetchAsync(string domain, CancellationToken cancellationToken)
    {
        Fetches++;
        return Task.FromResult(Files.TryGetValue(domain, out string? text) ? new StsFetch(text) : new StsFetch(null, "down", "sts-policy-fetch-error"));
    }
}

/// <summary>The bridge's memory, in memory.</summary>
internal sealed class MemoryBridgeState : IBridgeState
{
    private readonly ConcurrentDictionary<string, byte[]> _values = new(StringComparer.Ordinal);

    public Task<byte[]?> GetAsync(string bridge, Address? mailbox, string key, CancellationToken cancellationToken) => Task.FromResult(_values.GetValueOrDefault(key));

    public Task<IReadOnlyList<BridgeRecord>> ListAsync(string bridge, Address? mailbox, string prefix, string? after, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<BridgeRecord>>([.. _values.Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal)).Select(pair => new BridgeRecord(bridge, mailbox, pair.Key, pair.Value))]);

    public Task<bool> PutAsync(IReadOnlyList<BridgeRecord> records, CancellationToken cancellationToken)
    {
        foreach (var record in records) _values[record.Key] = record.Value;
        return Task.FromResult(true);
    }

    public Task<bool> RemoveAsync(string bridge, Address? mailbox, string key, CancellationToken cancellationToken) => Task.FromResult(_values.TryRemove(key, out _));
}

/// <summary>Meters that remember what was counted.</summary>
internal sealed class TestMeters : IMeterFactory
{
    private readonly List<Meter> _meters = [];
    private readonly MeterListener _listener = new();

    public TestMeters()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (_meters.Contains(instrument.Meter)) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, count, tags, _) => Counted.Enqueue($"{instrument.Name} {string.Join(' ', tags.ToArray().Select(static tag => tag.Value))}".TrimEnd()));
        _listener.Start();
    }

    public ConcurrentQueue<string> Counted { get; } = new();

    public Meter Create(MeterOptions options)
    {
        var meter = new Meter(options);
        _meters.Add(meter);
        return meter;
    }

    public void Dispose()
    {
        _listener.Dispose();
        foreach (var meter in _meters) meter.Dispose();
    }
}
