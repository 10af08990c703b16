using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Smxp.Host.Tests.Plugins;
using Smxp.Testing;

namespace Smxp.Host.Tests.Health;

public sealed class HealthTests
{
    [Fact]
    public async Task A_healthy_server_names_its_domains_and_port()
    {
        await using var server = await TestServer.StartAsync();
        await server.AddDomainAsync("example.test");
        var body = await server.Http.GetFromJsonAsync<JsonElement>("/.smxp/health");
        Assert.Equal($$"""{"status":"ok","domains":["example.test"],"port":{{server.Port}}}""", body.GetRawText());
    }

    [Fact]
    public async Task A_broken_driver_makes_it_503_without_its_words_until_it_works_again()
    {
        using var plugins = new PluginFolder();
        var broken = Path.Combine(plugins.Root, "broken");
        plugins.Add("Moody", "plugin.Driver<IContentType, NoSettings>(\"moody\", (_, _) => new Moody());", ["content/moody"], more: $$"""
            public sealed class Moody : IContentType, IDriver
            {
                public string Name => "moody"; public string? Validate(string body) => null; public string RenderHtml(string body) => body; public string RenderText(string body) => body;
                public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
                public ValueTask<string?> CheckAsync(CancellationToken cancellationToken) => System.IO.File.Exists("{{broken}}") ? throw new Exception("password=hunter2") : default;
            }
            """);
        await using var server = await TestServer.StartAsync(settings => settings.With("Smxp:Plugins:Directory", null)
            .With("Smxp:Plugins:Directory:0", HostFiles.Plugins).With("Smxp:Plugins:Directory:1", plugins.Root).With("Smxp:Content:0", "moody"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync());

        await File.WriteAllTextAsync(broken, "");
        await Eventually.TrueAsync(async () => await StatusAsync() == HttpStatusCode.ServiceUnavailable);
        using (var answer = await server.Http.GetAsync("/.smxp/health"))
            Assert.Equal("""{"status":"degraded","problems":["content/moody is not working"]}""", await answer.Content.ReadAsStringAsync());

        File.Delete(broken);
        await Eventually.TrueAsync(async () => await StatusAsync() == HttpStatusCode.OK);

        async Task<HttpStatusCode> StatusAsync()
        {
            using var answer = await server.Http.GetAsync("/.smxp/health");
            return answer.StatusCode;
        }
    }
}
