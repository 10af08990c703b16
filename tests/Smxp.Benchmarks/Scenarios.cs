namespace Smxp.Benchmarks;

/// <summary>The scenarios, each in a file of its own. A scenario starts the real host (or is told where one runs) and prints tables.</summary>
internal static class Scenarios
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("receive", "POST /.smxp/receive, 1 KB bodies, durable, 8 connections: receive [ML-DSA-65|Ed25519] [messages]", ReceiveAsync),
        new("send", "Local sends through the API, durable, 1 KB bodies; Ed25519 and ML-DSA-65", Send.RunAsync),
        new("smtp", "Mail in over SMTP, 2 KB, durable, 10 connections, one mail each", SmtpIn.RunAsync),
        new("smtp-out", "Mail out over SMTP through the API and the outbox, to one destination and to many", SmtpOut.RunAsync),
        new("streams", "1,000 idle event streams: what each costs in memory", Streams.RunAsync),
        new("mailbox", "A mailbox of 1,000 and of 100,000 messages: what each request costs", Mailbox.RunAsync),
        new("start", "From process start to the first healthy answer; idle memory", Start.RunAsync),
    ];

    private static async Task ReceiveAsync(Bench bench, CancellationToken cancellationToken)
    {
        double verifications = bench.Options.Positional is ["Ed25519", ..] ? Primitives.Ed25519VerifyPerSecond() : Primitives.MlDsaVerifyPerSecond();
        Console.WriteLine($"one core verifies {Report.Number(verifications)}/s");
        await Receive.RunAsync([.. bench.Options.Positional]);
    }
}

/// <summary>A scenario.</summary>
/// <param name="Name">How the command line calls it.</param>
/// <param name="Description">What it measures.</param>
/// <param name="RunAsync">Measures and prints.</param>
internal sealed record Scenario(string Name, string Description, Func<Bench, CancellationToken, Task> RunAsync);
