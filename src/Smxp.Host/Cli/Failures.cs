using Smxp.Host.Configuration;

namespace Smxp.Host.Cli;

/// <summary>Shows what kept a command from its work, on standard error and in plain words.</summary>
internal static class Failures
{
    public static async Task<int> ReportAsync(Func<Task<int>> command)
    {
        try
        {
            return await command();
        }
        catch (Exception e) when (Explain(e) is { } explanation)
        {
            await Console.Error.WriteLineAsync(explanation);
            return ExitCode.Unusable;
        }
    }

    /// <summary>What the operator can mend; null for a bug, whose stack trace is worth having.</summary>
    private static string? Explain(Exception e) => e switch
    {
        StartupException startup => startup.Message,
        AggregateException { InnerExceptions: [.., var inner] } => Explain(inner),
        IOException { InnerException: Microsoft.AspNetCore.Connections.AddressInUseException } taken => new StartupException([$"urls: {taken.Message}"]).Message,
        InvalidOperationException { Source: "Microsoft.Extensions.Logging.Configuration" } logging => new StartupException([$"Logging: {logging.Message}"]).Message,
        _ when IsKestrels(e) => new StartupException([$"urls, Kestrel: {Advice(e)}"]).Message,
        InvalidDataException { InnerException: FormatException or System.Text.Json.JsonException } file => new StartupException([$"appsettings.json: {file.Message} {file.InnerException!.Message}"]).Message,
        Smxp.Plugins.Storage.StorageUnavailableException down => new StartupException([$"Smxp:Storage: {down.Message}"]).Message,
        { InnerException: StartupException startup } => startup.Message,
        _ => null,
    };

    // What only the listener can find: an address of another machine, a certificate that is not there or cannot be read. It throws whatever it met.
    private static bool IsKestrels(Exception e) => e.StackTrace?.Contains("Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServerImpl.StartAsync", StringComparison.Ordinal) == true;

    private static string Advice(Exception e)
    {
        string reason = e.Message.Split('\n')[0].Trim();
        return e switch
        {
            System.Net.Sockets.SocketException => $"cannot listen: {reason}",
            System.Security.Cryptography.CryptographicException => $"a certificate cannot be read: {reason}",
            InvalidOperationException => $"{reason} Kestrel:Certificates:Default:Path (and KeyPath) names one.",
            _ => reason,
        };
    }
}
