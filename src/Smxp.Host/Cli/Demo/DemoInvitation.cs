using System.Text.Json;

namespace Smxp.Host.Cli.Demo;

/// <summary>What can be tried by hand while the demo keeps serving.</summary>
internal static class DemoInvitation
{
    public static void WriteJson(TextWriter output, DemoServer server, SmtpSink sink) => output.WriteLine(JsonSerializer.Serialize(new
    {
        addresses = new[] { new { address = DemoAccounts.Alice, password = DemoAccounts.AlicePassword }, new { address = DemoAccounts.Bob, password = DemoAccounts.BobPassword } },
        api = server.BaseAddress,
        smtp = $"127.0.0.1:{server.SmtpPort}",
        outside = $"127.0.0.1:{sink.Port}",
        admin_secret = server.AdminSecret,
    }));

    public static void Write(TextWriter output, DemoServer server, SmtpSink sink) => output.WriteLine($$"""

        The server keeps running. Try it by hand:

          Addresses    {{DemoAccounts.Alice}}   password {{DemoAccounts.AlicePassword}}
                       {{DemoAccounts.Bob}}     password {{DemoAccounts.BobPassword}}
          HTTP API     {{server.BaseAddress}}   (described at {{server.BaseAddress}}openapi)
          SMTP         127.0.0.1:{{server.SmtpPort}}
          The outside  127.0.0.1:{{sink.Port}}   (every email the server sends is shown here)
          Admin secret {{server.AdminSecret}}

        Sign in, read, answer:
          TOKEN=$(curl -s {{server.BaseAddress}}.smxp/auth/login -H 'Content-Type: application/json' \
            -d '{"alias":"alice","domain":"{{DemoAccounts.Domain}}","password":"{{DemoAccounts.AlicePassword}}"}' | sed 's/.*"token":"\([^"]*\)".*/\1/')
          curl -s {{server.BaseAddress}}.smxp/mail/inbox -H "Authorization: Bearer $TOKEN"
          curl -s {{server.BaseAddress}}.smxp/mail/send -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' \
            -d '{"to":"{{DemoMail.Author}}","subject":"Hello","body":"Hello from SMXP"}'
        Watch the stream:
          curl -N {{server.BaseAddress}}.smxp/stream -H "Authorization: Bearer $TOKEN"
        Send an email in:
          printf 'From: {{DemoMail.Author}}\nSubject: By hand\n\nHello by email\n' | \
            curl -sS smtp://127.0.0.1:{{server.SmtpPort}} --mail-from {{DemoMail.Author}} --mail-rcpt {{DemoAccounts.Alice}} --crlf -T -
        Add an inbox:
          SMXP_ADMIN_SECRET={{server.AdminSecret}} dotnet run --no-build --project src/Smxp.Host -- address add dave@{{DemoAccounts.Domain}} --server {{server.BaseAddress}}

        Ctrl+C ends the demo and removes its data.
        """);
}
