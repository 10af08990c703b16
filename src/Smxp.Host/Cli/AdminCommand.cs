using System.CommandLine;
using Smxp.Client;

namespace Smxp.Host.Cli;

/// <summary>A command that asks a running server through its admin API: the options they share, and what a refusal or a silent server is called.</summary>
internal static class AdminCommand
{
    private const string DefaultServer = "http://127.0.0.1:7777";
    private const string ServerVariable = "SMXP_SERVER";
    private static readonly string[] SecretVariables = ["SMXP_ADMIN_SECRET", "Smxp__AdminSecret"];

    public static Command Create(string name, string description, Func<ParseResult, SmxpClient, CancellationToken, Task<Answer>> run, params Symbol[] symbols)
    {
        var server = new Option<string>("--server") { Description = $"The server's address; {ServerVariable} names another default.", DefaultValueFactory = _ => Environment.GetEnvironmentVariable(ServerVariable) is { Length: > 0 } named ? named : DefaultServer };
        var secret = new Option<string?>("--admin-secret") { Description = $"Its Smxp:AdminSecret; better given in {SecretVariables[0]}, where other users do not see it." };
        var json = new Option<bool>("--json") { Description = "Write JSON." };
        var command = new Command(name, description);
        foreach (var symbol in symbols)
        {
            if (symbol is Option option) command.Add(option);
            else command.Add((Argument)symbol);
        }
        command.Add(server);
        command.Add(secret);
        command.Add(json);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var output = new CommandOutput(parsed.GetValue(json));
            if (UnknownArguments.FindProblem(parsed) is { } unknown) return output.Fail(ExitCode.Unusable, unknown);
            if (!Uri.TryCreate(parsed.GetValue(server), UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
                return output.Fail(ExitCode.Unusable, $"--server: '{parsed.GetValue(server)}' is not an http or https address.");
            if (FindSecret(parsed.GetValue(secret)) is not { } found)
                return output.Fail(ExitCode.Unusable, $"The admin secret is missing: set {SecretVariables[0]} to the server's Smxp:AdminSecret, or give --admin-secret.");
            using var client = new SmxpClient(address) { AdminSecret = found };
            return await RunAsync(() => run(parsed, client, cancellationToken), output, address);
        });
        return command;
    }

    private static async Task<int> RunAsync(Func<Task<Answer>> run, CommandOutput output, Uri server)
    {
        try
        {
            return output.Show(await run());
        }
        catch (UsageException e)
        {
            return output.Fail(ExitCode.Unusable, e.Message);
        }
        catch (SmxpException e) when (e.StatusCode == System.Net.HttpStatusCode.Unauthorized)
        {
            return output.Fail(ExitCode.Refused, "The server refused: the admin secret is wrong.");
        }
        catch (SmxpException e)
        {
            return output.Fail(ExitCode.Refused, $"The server refused: {e.Error}.");
        }
        catch (HttpRequestException e)
        {
            return output.Fail(ExitCode.Unusable, $"No server answers at {server}: {Reason(e).TrimEnd('.')}. Start one with 'serve', or name another with --server or in {ServerVariable}{Hint(e, server)}.");
        }
    }

    // Beyond the connection itself (TLS, an answer that is none), the platform says only inside what happened.
    private static string Reason(HttpRequestException e) => e.InnerException is null or System.Net.Sockets.SocketException ? e.Message : e.GetBaseException().Message;

    private static string Hint(HttpRequestException e, Uri server) => e.InnerException switch
    {
        System.Security.Authentication.AuthenticationException => ", by the name that its certificate is for; this machine must trust who signed that",
        IOException or HttpIOException when server.Scheme == Uri.UriSchemeHttp => ", with https:// where it has a certificate",
        _ => "",
    };

    private static string? FindSecret(string? given) =>
        new[] { given }.Concat(SecretVariables.Select(Environment.GetEnvironmentVariable)).FirstOrDefault(candidate => !string.IsNullOrEmpty(candidate));
}
