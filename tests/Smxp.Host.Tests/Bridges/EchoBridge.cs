namespace Smxp.Host.Tests.Bridges;

/// <summary>Source of a bridge that says what it was asked, and one that says nothing at all.</summary>
internal static class EchoBridge
{
    public const string Register = """
        plugin.Driver<Smxp.Plugins.Bridge.IBridge, NoSettings>("echo", (_, _) => new Echo());
        plugin.Driver<Smxp.Plugins.Bridge.IBridge, NoSettings>("silent", (_, _) => new Silent("silent"));
        """;

    public const string Source = """
        public class Silent(string name) : Smxp.Plugins.Bridge.IBridge
        {
            public string Name => name;
            public IReadOnlyList<Smxp.Plugins.Delivery.ITransport> Transports => [];
            public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
            public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
            public Task<Smxp.Plugins.Bridge.OriginalDocument?> OpenOriginalAsync(Smxp.Protocol.Address mailbox, string messageId, CancellationToken cancellationToken) =>
                Task.FromResult<Smxp.Plugins.Bridge.OriginalDocument?>(null);
        }

        public sealed class Echo() : Silent("echo"), Smxp.Plugins.Bridge.IBridgeApi
        {
            public Task<Smxp.Plugins.Bridge.BridgeAnswer> AnswerAsync(Smxp.Plugins.Bridge.BridgeCall call, CancellationToken cancellationToken) => Task.FromResult(call.Path switch
            {
                "missing" => Smxp.Plugins.Bridge.BridgeAnswer.NotFound("no such thing"),
                "invalid" => Smxp.Plugins.Bridge.BridgeAnswer.Invalid("makes no sense"),
                "conflict" => Smxp.Plugins.Bridge.BridgeAnswer.Conflict("not now"),
                "typed" => Smxp.Plugins.Bridge.BridgeAnswer.Found(call.Read<Wanted>()),
                "outage" => throw new Smxp.Plugins.Storage.StorageUnavailableException("down", null),
                _ => Smxp.Plugins.Bridge.BridgeAnswer.Found(new { call.Method, call.Path, call.Segments, call.Query, call.Body, WhoseMailbox = call.Mailbox?.ToString() }),
            });
        }

        public sealed record Wanted(string LongName, int Count);
        """;
}
