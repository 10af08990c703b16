using System.Net;
using CsCheck;
using Microsoft.AspNetCore.Http;
using Smxp.Dns.Wire;
using Smxp.Plugins.Dns;
using Smxp.Testing;
using Smxp.Testing.Dns;

namespace Smxp.Dns.Https.Tests;

public sealed class HttpsDnsTests : IAsyncLifetime
{
    private readonly TestZone _zone = new TestZone()
        .Address("gw.test", "192.0.2.1").Address("gw.test", "2001:db8::1").Text("txt.test", "v=SMXP1; ", "k=\"x\"").Exchange("mx.test", 10, "mail.test")
        .Alias("alias.test", "gw.test").Raw("_443._tcp.gw.test", 52, [3, 1, 1, 0xab]).Service("_smxp.peer.test", "1 gw.test. alpn=h2 port=7777");

    private TestDohServer _server = null!;

    public async Task InitializeAsync() => _server = await TestDohServer.StartAsync(_zone);

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("/dns-query")]
    [InlineData("/dns-query#wire")]
    [InlineData("/resolve")]
    [InlineData("/resolve#json")]
    public async Task Reads_every_type_in_use(string path)
    {
        HttpsDnsResolver resolver = Resolver($"http://127.0.0.1:{_server.Port}{path}");

        Assert.Equal(IPAddress.Parse("192.0.2.1"), Assert.IsType<AddressData>(await OneAsync(resolver, "gw.test", DnsRecordType.A)).Address);
        Assert.Equal(IPAddress.Parse("2001:db8::1"), Assert.IsType<AddressData>(await OneAsync(resolver, "gw.test", DnsRecordType.Aaaa)).Address);
        Assert.Equal("v=SMXP1; k=\"x\"", Assert.IsType<TextData>(await OneAsync(resolver, "txt.test", DnsRecordType.Txt)).Text);
        Assert.Equal(new MailExchangeData(10, "mail.test"), await OneAsync(resolver, "mx.test", DnsRecordType.Mx));
        Assert.Equal(IPAddress.Parse("192.0.2.1"), Assert.IsType<AddressData>(await OneAsync(resolver, "alias.test", DnsRecordType.A)).Address);
        Assert.Equal(3, Assert.IsType<TlsaData>(await OneAsync(resolver, "_443._tcp.gw.test", DnsRecordType.Tlsa)).Usage);
        Assert.Equal((ushort?)7777, Assert.IsType<ServiceData>(await OneAsync(resolver, "_smxp.peer.test", DnsRecordType.Svcb)).Binding.Port);
        Assert.Equal(DnsStatus.NoData, (await AskAsync(resolver, "gw.test", DnsRecordType.Txt)).Status);
        Assert.Equal(DnsStatus.NoName, (await AskAsync(resolver, "none.test", DnsRecordType.Txt)).Status);
    }

    [Fact]
    public async Task Remembers_the_format_that_worked()
    {
        HttpsDnsResolver resolver = Resolver(_server.JsonEndpoint);
        await AskAsync(resolver, "gw.test", DnsRecordType.A);
        await AskAsync(resolver, "txt.test", DnsRecordType.Txt);

        Assert.Equal(3, _server.Requests);
    }

    [Fact]
    public async Task Asks_the_next_server_when_one_fails()
    {
        await using TestDohServer failing = await TestDohServer.StartAsync(_zone);
        failing.Instead = _ => Results.StatusCode(503);
        HttpsDnsResolver resolver = Resolver($"http://127.0.0.1:{FreePort.Next()}/dns-query", failing.WireEndpoint, _server.WireEndpoint);

        Assert.Equal(DnsStatus.Found, (await AskAsync(resolver, "gw.test", DnsRecordType.A)).Status);
        Assert.Equal(1, failing.Requests);
    }

    [Fact]
    public async Task Asks_the_next_server_when_one_says_servfail()
    {
        var broken = new TestZone();
        broken.Codes["gw.test"] = 2;
        await using TestDohServer failing = await TestDohServer.StartAsync(broken);

        Assert.Equal(DnsStatus.Found, (await AskAsync(Resolver(failing.WireEndpoint, _server.WireEndpoint), "gw.test", DnsRecordType.A)).Status);
    }

    public static TheoryData<string, string> Malformed => new()
    {
        { "application/dns-message", "" },
        { "application/dns-message", "not a message" },
        { "text/html", "<html>" },
        { "application/dns-json", "{" },
        { "application/dns-json", "[]" },
        { "application/dns-json", "{}" },
        { "application/dns-json", "{\"Status\":\"0\"}" },
        { "application/dns-json", "{\"Status\":0,\"TC\":true,\"Answer\":[{\"name\":\"gw.test\",\"type\":1,\"TTL\":60,\"data\":\"192.0.2.1\"}]}" },
        { "application/dns-json", "{\"Status\":0,\"Question\":[{\"name\":\"other.test\",\"type\":1}],\"Answer\":[{\"name\":\"gw.test\",\"type\":1,\"TTL\":60,\"data\":\"192.0.2.1\"}]}" },
        { "application/dns-json", "{\"Status\":0,\"Answer\":[{\"name\":\"gw.test\",\"type\":1,\"TTL\":60,\"data\":\"not an address\"}]}" },
        { "application/dns-json", "{\"Status\":0,\"Answer\":[{\"name\":\"gw.test\",\"type\":1,\"TTL\":60,\"data\":\"\\\\# 9 00\"}]}" },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task A_malformed_answer_is_a_failed_lookup(string type, string body)
    {
        _server.Instead = _ => Results.Text(body, type);
        string format = type.EndsWith("json", StringComparison.Ordinal) ? "#json" : "#wire";
        DnsAnswer answer = await AskAsync(Resolver(_server.WireEndpoint + format), "gw.test", DnsRecordType.A);

        Assert.Equal(DnsStatus.Failed, answer.Status);
        Assert.NotNull(answer.Error);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        _server.Instead = request => request.Path == "/dns-query" ? Results.Redirect("/resolve") : null;

        Assert.Equal(DnsStatus.Failed, (await AskAsync(Resolver(_server.WireEndpoint + "#wire"), "gw.test", DnsRecordType.A)).Status);
    }

    [Fact]
    public void Any_bytes_are_a_response_or_a_format_error()
    {
        var question = new DnsQuestion("_smxp.peer.test", DnsRecordType.Svcb);
        byte[] response = _zone.Respond(QueryWriter.Write(question, 7));
        Gen.Select(Gen.Int[0, response.Length - 1], Gen.Byte, Gen.Int[0, response.Length]).Array[1, 6].Sample(changes =>
        {
            byte[] mutated = [.. response];
            foreach ((int at, byte value, int _) in changes) mutated[at] = value;
            ReadOrRefuse(mutated, question);
            ReadOrRefuse(mutated[..changes[0].Item3], question);
        }, iter: 20_000);
    }

    [Theory]
    [InlineData("\"v=SMXP1; k=x\"", "v=SMXP1; k=x")]
    [InlineData("\"a\" \"b\"", "ab")]
    [InlineData("\"a\"\"b\"", "ab")]
    [InlineData("\"say \\\"hi\\\"\"", "say \"hi\"")]
    [InlineData("\"\\195\\188\"", "ü")]
    [InlineData("\"grün 💌\"", "grün 💌")]
    [InlineData("v=SMXP1; k=x", "v=SMXP1; k=x")]
    public void Reads_text_as_zone_files_write_it(string text, string expected) => Assert.Equal(expected, Assert.IsType<TextData>(RecordText.Read(16, text)).Text);

    [Theory]
    [InlineData("https://dns.example/dns-query", true)]
    [InlineData("https://dns.example/dns-query#json", true)]
    [InlineData("http://127.0.0.1:8053/dns-query", true)]
    [InlineData("http://dns.example/dns-query", false)]
    [InlineData("https://dns.example/dns-query#xml", false)]
    [InlineData("https://user@dns.example/", false)]
    [InlineData("dns.example", false)]
    public void Says_which_endpoint_is_wrong(string endpoint, bool isRight) => Assert.Equal(isRight, !new HttpsDnsSettings { Endpoints = [endpoint] }.Validate().Any());

    private static void ReadOrRefuse(byte[] message, DnsQuestion question)
    {
        try
        {
            AnswerReader.Read(question, MessageReader.Read(message, 7, question), out _);
        }
        catch (FormatException)
        {
        }
    }

    private static HttpsDnsResolver Resolver(params string[] endpoints) => new(new HttpsDnsSettings { Endpoints = [.. endpoints], TimeoutMilliseconds = 3000 }, TimeProvider.System);

    private static async Task<DnsAnswer> AskAsync(HttpsDnsResolver resolver, string name, DnsRecordType type) =>
        (await resolver.ResolveAsync(new DnsQuestion(name, type), CancellationToken.None))!;

    private static async Task<DnsRecord> OneAsync(HttpsDnsResolver resolver, string name, DnsRecordType type)
    {
        DnsAnswer answer = await AskAsync(resolver, name, type);
        Assert.True(answer.Status == DnsStatus.Found, $"{answer.Status} {answer.Error}");
        return Assert.Single(answer.Records);
    }
}
