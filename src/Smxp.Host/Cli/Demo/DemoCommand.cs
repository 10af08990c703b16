using System.CommandLine;

namespace Smxp.Host.Cli.Demo;

/// <summary>
/// <c>demo</c>: the whole server on an empty temporary folder, with the outside world played by a tiny SMTP sink. It carries one email in and the answer out,
/// says each step, and keeps serving so that it can be tried by hand. Nothing leaves the machine.
/// </summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var once = new Option<bool>("--once") { Description = "Stop after the story: 0 if every step was seen, 1 if not." };
        var json = new Option<bool>("--json") { Description = "Write JSON, a line a step." };
        var command = new Command("demo", "Show an email coming in and its answer going out, on an empty data folder.") { once, json };
        command.SetAction(async (parsed, cancellationToken) => UnknownArguments.FindProblem(parsed) is { } unknown
            ? new CommandOutput(parsed.GetValue(json)).Fail(ExitCode.Unusable, unknown)
            : await Failures.ReportAsync(() => RunAsync(parsed.GetValue(once), parsed.GetValue(json), cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(bool once, bool json, CancellationToken cancellationToken)
    {
        var narrator = new Narrator(Console.Out, json);
        var folder = Directory.CreateTempSubdirectory("smxp-demo-");
        try
        {
            using var sink = new SmtpSink();
            await using var server = await DemoServer.StartAsync(folder.FullName, sink.Port, preferKnownPorts: !once, cancellationToken);
            using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, server.Stopping);
            if (!await DemoStory.TellAsync(server, sink, narrator, stopping.Token)) return ExitCode.Refused;
            if (once) return ExitCode.Done;
            if (json) DemoInvitation.WriteJson(Console.Out, server, sink);
            else DemoInvitation.Write(Console.Out, server, sink);
            await server.RunAsync(sink, cancellationToken);
            return ExitCode.Done;
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Refused;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
