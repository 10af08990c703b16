using System.IO.Pipelines;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Time.Testing;

namespace Smxp.Mail.Smtp.Tests.Session;

/// <summary>A connection closes when all that was said is sent, and who reads nothing keeps it from being sent.</summary>
public sealed class DeafClientTests
{
    [Fact]
    public async Task Gives_up_a_client_that_does_not_take_the_last_replies()
    {
        var time = new FakeTimeProvider();
        await using var fixture = await SmtpFixture.StartAsync(static options => options with { MaxConnections = 1 }, time);
        await using var deaf = new DeafConnection();
        var served = fixture.Server.ServeAsync(deaf, SmtpFixture.Listener);
        await deaf.SayAsync("HELP\r\nQUIT\r\n");
        await deaf.Closing.WaitAsync(TimeSpan.FromSeconds(20));

        // While its socket is open it has a place.
        using (var other = await fixture.OpenAsync()) Assert.StartsWith("421", await other.ReplyAsync(), StringComparison.Ordinal);
        for (int i = 0; i < 500 && !served.IsCompleted; i++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(20);
        }

        Assert.True(deaf.IsAborted);
        await served;
        using var next = await fixture.ConnectAsync();
    }

    // As Kestrel's: to close waits until all is sent, or the connection aborted.
    private sealed class DeafConnection : ConnectionContext
    {
        private readonly Pipe _heard = new();
        private readonly TaskCompletionSource _closing = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _aborted = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public DeafConnection() => Transport = new Duplex(_heard.Reader, new Pipe(new PipeOptions(pauseWriterThreshold: 0)).Writer);

        public Task Closing => _closing.Task;

        public bool IsAborted => _aborted.Task.IsCompleted;

        public override string ConnectionId { get; set; } = "deaf";

        public override EndPoint? RemoteEndPoint { get; set; } = new IPEndPoint(IPAddress.Loopback, 1);

        public override Microsoft.AspNetCore.Http.Features.IFeatureCollection Features { get; } = new Microsoft.AspNetCore.Http.Features.FeatureCollection();

        public override IDictionary<object, object?> Items { get; set; } = new Dictionary<object, object?>();

        public override IDuplexPipe Transport { get; set; }

        public async Task SayAsync(string text) => await _heard.Writer.WriteAsync(Encoding.ASCII.GetBytes(text));

        public override void Abort(ConnectionAbortedException abortReason) => _aborted.TrySetResult();

        public override async ValueTask DisposeAsync()
        {
            _closing.TrySetResult();
            await _aborted.Task;
            await base.DisposeAsync();
        }

        private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
    }
}
