using System.Text.Json;
using Smxp.Testing;

namespace Smxp.Host.Tests.Cli;

public sealed class CommandLineTests
{
    [Fact]
    public async Task Lists_the_plugins_there_are_and_which_are_in_use()
    {
        var (exitCode, output, _) = await TestServerProcess.RunAsync("plugins", "list", "--json", "--Smxp:Bridge:Email:Enabled", "false");
        Assert.Equal(0, exitCode);
        using var document = JsonDocument.Parse(output);
        var rows = document.RootElement.GetProperty("plugins").EnumerateArray().ToDictionary(row => $"{row.GetProperty("slot")}/{row.GetProperty("driver")}", row => row.GetProperty("in_use").GetBoolean());
        Assert.True(rows["storage.messages/sqlite"]);
        Assert.False(rows["dns/https"]);
        Assert.False(rows["bridge/email"]);
    }

    [Fact]
    public async Task Checks_a_configuration_without_serving()
    {
        var (exitCode, output, error) = await TestServerProcess.RunAsync("plugins", "check");
        Assert.Equal((0, ""), (exitCode, error));
        Assert.StartsWith("No problem found", output, StringComparison.Ordinal);

        (exitCode, output, _) = await TestServerProcess.RunAsync("plugins", "check", "--json", "--Smxp:Dns:0:Driver", "sistem");
        Assert.Equal(2, exitCode);
        using var document = JsonDocument.Parse(output);
        Assert.Equal("Smxp:Dns:0:Driver: there is no driver sistem for dns; did you mean system?", Assert.Single(document.RootElement.GetProperty("problems").EnumerateArray()).GetString());
    }

    [Theory]
    [InlineData("plugin", "plugin: unknown command; did you mean plugins?")]
    [InlineData("--smxpp:DataDirectory", "--smxpp:DataDirectory: unknown option")]
    [InlineData("--urls", "--urls: lacks a value")]
    public async Task A_command_line_it_does_not_understand_starts_no_server(string argument, string problem)
    {
        var (exitCode, _, error) = await TestServerProcess.RunAsync(argument);
        Assert.Equal(2, exitCode);
        Assert.Contains(problem, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--urls", "http://192.0.2.1:1", "urls, Kestrel: cannot listen: ")]
    [InlineData("--urls", "https://127.0.0.1:1", "urls, Kestrel: Unable to configure HTTPS endpoint.")]
    [InlineData("--Kestrel:Certificates:Default:Path", "/nowhere/tls.pem", "urls, Kestrel: Could not find")]
    [InlineData("--Logging:LogLevel:Default", "Chatty", "Logging: Configuration value 'Chatty' is not supported.")]
    public async Task What_only_the_platform_finds_wrong_is_said_without_a_stack_trace(string option, string value, string problem)
    {
        using var data = new TemporaryDirectory();
        string[] arguments = ["serve", "--urls", $"http://127.0.0.1:{FreePort.Next()}", "--Smxp:DataDirectory", data.Path, "--Smxp:Bridge:Email:Enabled", "false", option, value];
        var (exitCode, _, error) = await TestServerProcess.RunAsync(arguments);
        Assert.Equal(2, exitCode);
        Assert.Contains(problem, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bridge_that_cannot_be_made_says_why_and_nothing_else()
    {
        using var data = new TemporaryDirectory();
        string missing = Path.Combine(data.Path, "tls.pem");
        var (exitCode, output, error) = await TestServerProcess.RunAsync(
            "serve", "--urls", $"http://127.0.0.1:{FreePort.Next()}", "--Smxp:DataDirectory", data.Path, "--Smxp:Bridge:Email:Smtp:Listen:0", $"127.0.0.1:{FreePort.Next()}",
            "--Smxp:Bridge:Email:Smtp:CertificateFile", missing, "--Smxp:Bridge:Email:Smtp:CertificateKeyFile", missing);
        Assert.Equal((2, $"smxp cannot start, 1 problem:\n  - Smxp:Bridge:Email: bridge/email could not be made: Could not find file '{missing}'."), (exitCode, error.Trim().ReplaceLineEndings("\n")));
        Assert.DoesNotContain("fail:", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_authorities_without_any_is_refused()
    {
        using var data = new TemporaryDirectory();
        string empty = Path.Combine(data.Path, "authorities.pem");
        await File.WriteAllTextAsync(empty, "none yet");
        var (exitCode, _, error) = await TestServerProcess.RunAsync(
            "serve", "--urls", $"http://127.0.0.1:{FreePort.Next()}", "--Smxp:DataDirectory", data.Path, "--Smxp:Bridge:Email:Smtp:Listen:0", $"127.0.0.1:{FreePort.Next()}",
            "--Smxp:Bridge:Email:Outbound:TrustedAuthorities", empty);
        Assert.Equal(2, exitCode);
        Assert.Contains($"Outbound:TrustedAuthorities: there is no certificate in {empty}", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_where_it_looked_for_a_server_and_why_none_answers()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var closing = Task.Run(async () =>
        {
            // No TLS, and no HTTP either.
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync();
                await client.GetStream().WriteAsync("220 mail.example.test ESMTP\r\n"u8.ToArray());
            }
        });
        var (exitCode, _, error) = await TestServerProcess.RunAsync("domain", "list", "--admin-secret", "x", "--server", $"https://{listener.LocalEndpoint}");
        Assert.Equal(2, exitCode);
        Assert.StartsWith($"No server answers at https://{listener.LocalEndpoint}/: ", error, StringComparison.Ordinal);
        Assert.DoesNotContain("see inner exception", error, StringComparison.Ordinal);
        listener.Stop();
        await Assert.ThrowsAnyAsync<Exception>(() => closing);
    }

    [Fact]
    public async Task A_taken_address_is_all_it_complains_of()
    {
        using var data = new TemporaryDirectory();
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        var (exitCode, output, error) = await TestServerProcess.RunAsync("serve", "--urls", $"http://{taken.LocalEndpoint}", "--Smxp:DataDirectory", data.Path, "--Smxp:Bridge:Email:Enabled", "false");
        Assert.Equal(2, exitCode);
        Assert.Contains($"urls: Failed to bind to address http://{taken.LocalEndpoint}: address already in use.", error, StringComparison.Ordinal);
        Assert.DoesNotContain("fail:", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--onec: unknown option; did you mean --once?", "demo", "--onec")]
    [InlineData("--pasword-stdin: unknown option; did you mean --password-stdin?", "address", "add", "alice@example.test", "--pasword-stdin")]
    [InlineData("stray: one argument too many; see --help", "domain", "list", "stray")]
    public async Task Commands_without_settings_pass_nothing_over(string problem, params string[] arguments)
    {
        var (exitCode, _, error) = await TestServerProcess.RunAsync(arguments);
        Assert.Equal((2, problem), (exitCode, error.Trim()));
    }

    [Fact]
    public async Task Says_its_version()
    {
        var (exitCode, output, _) = await TestServerProcess.RunAsync("--version");
        Assert.Equal(0, exitCode);
        Assert.Matches(@"^\d+\.\d+\.\d+\s*$", output);
    }
}
