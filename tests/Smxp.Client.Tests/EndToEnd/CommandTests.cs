using System.Text.Json;
using Smxp.Testing;

namespace Smxp.Client.Tests.EndToEnd;

/// <summary>The commands as a shell runs them, each in a process of its own.</summary>
public sealed class CommandTests(RealServer real) : IClassFixture<RealServer>
{
    [Fact]
    public async Task Domains_addresses_and_routes_are_managed_from_the_command_line()
    {
        var (code, output, _) = await RunAsync("domain", "add", "cli.test", "--json");
        Assert.Equal(0, code);
        Assert.Equal("cli.test", JsonDocument.Parse(output).RootElement.GetProperty("domain").GetString());

        (code, output, _) = await RunAsync("address", "add", "dave@cli.test");
        Assert.Equal(0, code);
        Assert.Contains("Password (shown this once): ", output, StringComparison.Ordinal);

        (code, output, _) = await RunAsync("route", "add", "x-*@cli.test", "dave@cli.test", "--json");
        Assert.Equal((0, "x-*"), (code, JsonDocument.Parse(output).RootElement.GetProperty("route").GetProperty("pattern").GetString()));
    }

    [Fact]
    public async Task A_rotation_says_what_to_publish_before_the_new_keys_sign()
    {
        Assert.Equal(0, (await RunAsync("domain", "add", "keys.test", "--json")).ExitCode);
        string before = JsonDocument.Parse((await RunAsync("domain", "list", "--json")).Output).RootElement.GetProperty("domains").EnumerateArray().Single(static each => each.GetProperty("domain").GetString() == "keys.test").GetProperty("dns").GetProperty("key").GetProperty("value").GetString()!;

        var (code, output, _) = await RunAsync("domain", "rotate", "keys.test");
        Assert.Equal(0, code);
        Assert.Matches("keys.test will sign with new keys from \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d UTC. Publish before then", output);
        Assert.Equal(2, output.Split("_smxpkey.keys.test. TXT \"v=SMXP1;").Length - 1);
        Assert.DoesNotContain(before, output, StringComparison.Ordinal);

        (code, output, _) = await RunAsync("domain", "rotate", "keys.test", "--delay", "0");
        Assert.Equal(0, code);
        Assert.Contains("until others see these, they refuse what it sends", output, StringComparison.Ordinal);
        Assert.Equal(2, (await RunAsync("domain", "rotate", "keys.test", "--delay", "9999")).ExitCode);
    }

    [Fact]
    public async Task A_refusal_is_exit_code_1_and_says_why()
    {
        var (code, _, error) = await RunAsync("domain", "add", RealServer.Domain);

        Assert.Equal((1, "The server refused: domain already exists."), (code, error.Trim()));
    }

    [Theory]
    [InlineData("domain", "add")]
    [InlineData("address", "add", "not-an-address")]
    [InlineData("domain", "list", "--server", "ftp://nowhere")]
    public async Task Wrong_usage_is_exit_code_2(params string[] command)
    {
        Assert.Equal(2, (await RunAsync(command)).ExitCode);
    }

    [Fact]
    public async Task Nobody_there_is_exit_code_2_and_says_what_to_do()
    {
        var (code, _, error) = await TestServerProcess.RunAsync("domain", "list", "--admin-secret", "x", "--server", $"http://127.0.0.1:{FreePort.Next()}");

        Assert.Equal(2, code);
        Assert.Contains("Start one with 'serve'", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_demo_sees_every_step()
    {
        var (code, output, error) = await TestServerProcess.RunAsync("demo", "--once");

        Assert.True(code == 0, $"demo --once answered {code}:\n{output}\n{error}");
        Assert.Contains("Every step was seen.", output, StringComparison.Ordinal);
        Assert.Contains("In-Reply-To: <plan-1@outside.test>", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_demo_tells_its_steps_as_JSON()
    {
        var (code, output, error) = await TestServerProcess.RunAsync("demo", "--once", "--json");

        Assert.True(code == 0, $"demo --once --json answered {code}:\n{output}\n{error}");
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.Equal(Enumerable.Range(1, lines.Length - 1), lines[..^1].Select(static line => line.GetProperty("step").GetInt32()));
        Assert.Equal("Every step was seen.", lines[^1].GetProperty("said").GetString());
    }

    private Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] command) =>
        TestServerProcess.RunAsync([.. command, "--admin-secret", TestServer.AdminSecret, .. command.Contains("--server") ? Array.Empty<string>() : ["--server", real.Server.BaseAddress.ToString()]]);
}
