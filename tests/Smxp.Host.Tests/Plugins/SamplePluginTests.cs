using System.Net;
using System.Net.Http.Json;
using System.Runtime.Loader;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Smxp.Plugins.Host;
using Smxp.Testing;

namespace Smxp.Host.Tests.Plugins;

/// <summary>A plugin that this repository does not know is built, loaded and used.</summary>
public sealed class SamplePluginTests(SamplePlugin sample) : IClassFixture<SamplePlugin>
{
    [Fact]
    public async Task A_content_type_of_a_third_party_works_end_to_end()
    {
        await using var server = await StartAsync(("Smxp:Content:0", "text"), ("Smxp:Content:1:Driver", "poll"), ("Smxp:Content:1:MaxChoices", "3"));
        Assert.Equal(["text", "poll"], server.Services.GetRequiredService<IContentTypes>().Names);
        using var alice = await server.SignInNewAsync("alice@example.test");
        using var bob = await server.SignInNewAsync("bob@example.test");

        using var refused = await alice.PostAsJsonAsync("/.smxp/mail/send", new { to = "bob@example.test", content_type = "poll", body = "Lunch?\na\nb\nc\nd" });
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("a poll has at most 3 answers", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        using var sent = await alice.PostAsJsonAsync("/.smxp/mail/send", new { to = "bob@example.test", content_type = "poll", body = "Lunch?\n<b>Soup</b>\nBread" });
        Assert.Equal(HttpStatusCode.Created, sent.StatusCode);
        var id = (await sent.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("results")[0].GetProperty("id").GetString();
        var rendered = await bob.GetStringAsync($"/.smxp/mail/messages/{id}/render");
        Assert.Contains("<li>&lt;b&gt;Soup&lt;/b&gt;</li>", rendered.Replace("\\u003C", "<", StringComparison.OrdinalIgnoreCase).Replace("\\u003E", ">", StringComparison.OrdinalIgnoreCase).Replace("\\u0026", "&", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_code_has_a_load_context_of_its_own_and_shares_the_contracts()
    {
        await using var server = await StartAsync(("Smxp:Content:0", "poll"));
        Assert.True(server.Services.GetRequiredService<IContentTypes>().TryGet("poll", out var poll));
        var context = AssemblyLoadContext.GetLoadContext(poll.GetType().Assembly);
        Assert.NotSame(AssemblyLoadContext.Default, context);
        Assert.DoesNotContain(context!.Assemblies, assembly => assembly.GetName().Name is "Smxp.Plugins.Abstractions" or "Smxp.Protocol");
    }

    private Task<TestServer> StartAsync(params (string Path, string Value)[] values) => TestServer.StartAsync(settings =>
    {
        settings.With("Smxp:Plugins:Directory", null).With("Smxp:Plugins:Directory:0", HostFiles.Plugins).With("Smxp:Plugins:Directory:1", sample.PluginsFolder);
        foreach (var (path, value) in values) settings.With(path, value);
    });
}
