using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Smxp.Mail.Authentication.PublicSuffix;
using Smxp.Testing;

namespace Smxp.Bridge.Email.Tests.EndToEnd;

/// <summary>A newer Public Suffix List, fetched when the operator asks for it.</summary>
public sealed class PublicSuffixTests : IAsyncLifetime, IDisposable
{
    private readonly HttpListener _source = new();
    private readonly string _url = $"http://127.0.0.1:{FreePort.Next()}/";
    private byte[]? _list;
    private TestServer _server = null!;

    public async Task InitializeAsync()
    {
        _source.Prefixes.Add(_url);
        _server = await TestServer.StartAsync(settings => settings
            .With("Smxp:Bridge:Email:Enabled", "true")
            .With("Smxp:Bridge:Email:Smtp:Listen:0", $"127.0.0.1:{FreePort.Next()}")
            .With("Smxp:Bridge:Email:Trust:PublicSuffixList", $"{_url}list.dat"));
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose() => ((IDisposable)_source).Dispose();

    [Fact]
    public async Task A_newer_list_is_put_in_use_and_kept()
    {
        int before = await RulesAsync("shipped");
        string shipped = Path.Combine(Path.GetDirectoryName(typeof(PublicSuffixList).Assembly.Location)!, PublicSuffixList.FileName);
        _list = Encoding.UTF8.GetBytes((await File.ReadAllTextAsync(shipped)).Replace("// ===BEGIN PRIVATE DOMAINS===", "one-more.example\n// ===BEGIN PRIVATE DOMAINS===", StringComparison.Ordinal));
        Serve();
        Assert.Equal(HttpStatusCode.OK, (await RefreshAsync()).StatusCode);
        Assert.Equal(before + 1, await RulesAsync("fetched"));
        await _server.RestartAsync();
        Assert.Equal(before + 1, await RulesAsync("fetched"));
    }

    [Fact]
    public async Task What_is_no_list_changes_nothing()
    {
        _list = "<html>We moved</html>"u8.ToArray();
        Serve();
        await RefusedAsync("no Public Suffix List");
    }

    [Fact]
    public async Task Offline_it_says_so()
    {
        int before = await RulesAsync("shipped");
        await RefusedAsync("offline");
        Assert.Equal(before, await RulesAsync("shipped"));
    }

    private async Task RefusedAsync(string why)
    {
        using var answer = await RefreshAsync();
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Contains(why, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await RulesAsync("shipped");
    }

    private async Task<HttpResponseMessage> RefreshAsync()
    {
        using var admin = _server.NewAdminClient();
        return await admin.PostAsync(new Uri("/.smxp/admin/bridge/email/psl/refresh", UriKind.Relative), null);
    }

    private async Task<int> RulesAsync(string source)
    {
        using var admin = _server.NewAdminClient();
        var shown = (await admin.GetFromJsonAsync<JsonObject>("/.smxp/admin/bridge/email/psl"))!;
        Assert.Equal(source, (string?)shown["source"]);
        return (int)shown["rules"]!;
    }

    private void Serve()
    {
        _source.Start();
        _ = AnswerAsync();
    }

    private async Task AnswerAsync()
    {
        var asked = await _source.GetContextAsync();
        await asked.Response.OutputStream.WriteAsync(_list);
        asked.Response.Close();
    }
}
