using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Smxp.Host.Plugins;
using Smxp.Plugins;
using Smxp.Plugins.Storage;
using Smxp.Testing;

namespace Smxp.Host.Tests.Errors;

/// <summary>What goes wrong on our side is said without its details: 503 for an outage, 500 for a bug.</summary>
public sealed class OutageTests
{
    [Fact]
    public async Task A_store_that_is_down_is_503() => await ExpectAsync(new StorageUnavailableException("disk full: /var/lib/secret"), HttpStatusCode.ServiceUnavailable, """{"error":"temporarily unavailable, try again later"}""");

    [Fact]
    public async Task A_bug_is_500_without_its_text() => await ExpectAsync(new InvalidOperationException("password=hunter2"), HttpStatusCode.InternalServerError, """{"error":"internal error"}""");

    private static async Task ExpectAsync(Exception fault, HttpStatusCode status, string body)
    {
        var state = new FaultyState();
        await using var server = await TestServer.StartAsync(settings => settings.Services = state.Replace);
        state.Fault = fault;
        using var admin = server.NewAdminClient();
        using var answer = await admin.GetAsync("/.smxp/admin/domains");
        Assert.Equal((status, body), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
    }

    /// <summary>The real store, until it has a fault.</summary>
    private sealed class FaultyState : IStateStore, IDriver
    {
        private IStateStore? _real;

        public Exception? Fault { get; set; }

        public IDomainStore Domains => Real.Domains;
        public IAddressStore Addresses => Real.Addresses;
        public ITokenStore Tokens => Real.Tokens;
        public IRouteStore Routes => Real.Routes;
        public IDelegationStore Delegations => Real.Delegations;
        public IPeerStore Peers => Real.Peers;
        public IBlobRecords Blobs => Real.Blobs;

        private IStateStore Real => Fault is null ? _real! : throw Fault;

        public void Replace(IServiceCollection services)
        {
            var driver = services.Single(service => service.ServiceType == typeof(IStateStore));
            services.Remove(driver);
            services.AddKeyedSingleton("real", (provider, _) => (IStateStore)driver.ImplementationFactory!(provider));
            services.AddSingleton<IStateStore>(provider =>
            {
                _real = provider.GetRequiredKeyedService<IStateStore>("real");
                return this;
            });
        }

        public async Task StartAsync(CancellationToken cancellationToken)
        {
            using var own = PluginAssembly.Enter(_real!.GetType().Assembly);
            await ((IDriver)_real).StartAsync(cancellationToken);
        }

        public ValueTask<string?> CheckAsync(CancellationToken cancellationToken) => default;
    }
}
