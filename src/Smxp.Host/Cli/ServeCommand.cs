using System.CommandLine;
using Smxp.Host.Configuration;

namespace Smxp.Host.Cli;

/// <summary><c>serve</c>: runs the server until it is told to stop.</summary>
internal static partial class ServeCommand
{
    public static Command Create()
    {
        var command = new Command("serve", "Run the server (the default).");
        Configure(command);
        return command;
    }

    public static void MakeDefaultOf(RootCommand root) => Configure(root);

    private static void Configure(Command command)
    {
        var json = new Option<bool>("--json") { Description = "Write the log as JSON, a line an entry." };
        command.Add(json);
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction((parsed, cancellationToken) => Failures.ReportAsync(() =>
        {
            var settings = ConfigurationArguments.Of(parsed);
            return ServeAsync(parsed.GetValue(json) ? [.. settings, "--Logging:Console:FormatterName=json"] : settings, cancellationToken);
        }));
    }

    private static async Task<int> ServeAsync(string[] settings, CancellationToken cancellationToken)
    {
        await using var app = SmxpHost.Build(settings);
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch
        {
            await EndAsync(app);
            throw;
        }

        await app.WaitForShutdownAsync(cancellationToken);
        return ExitCode.Done;
    }

    // What did start ends before the stores close under it. Why it did not all start is what the operator must read: a host whose services could not even be made has nothing to stop, and throws.
    private static async Task EndAsync(WebApplication app)
    {
        try
        {
            await app.StopAsync(CancellationToken.None);
        }
        catch (Exception e)
        {
            StoppedBadly(app.Logger, e);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "What had started did not stop well")]
    private static partial void StoppedBadly(ILogger logger, Exception exception);
}
