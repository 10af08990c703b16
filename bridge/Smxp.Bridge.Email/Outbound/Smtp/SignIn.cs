using System.Net;
using System.Text;
using MailKit.Security;

namespace Smxp.Bridge.Email.Outbound.Smtp;

/// <summary>AUTH (RFC 4954) with the strongest mechanism both sides know; the mechanisms are MailKit's.</summary>
internal static class SignIn
{
    private const int Challenge = 334;
    private const int MostSteps = 10;
    private static readonly string[] Preferred = ["SCRAM-SHA-512", "SCRAM-SHA-256", "SCRAM-SHA-1", "CRAM-MD5", "PLAIN", "LOGIN"];

    public static async Task RunAsync(SmtpConnection connection, NetworkCredential credentials, CancellationToken cancellationToken)
    {
        string? name = Array.Find(Preferred, known => connection.Extensions.Mechanisms.Contains(known));
        if (name is null || SaslMechanism.Create(name, Encoding.UTF8, credentials) is not { } mechanism) throw new SmtpFault(SmtpFaultKind.Refused, "it offers no way to sign in that is known here (AUTH)");
        string first = mechanism.SupportsInitialResponse ? $"AUTH {name} {await mechanism.ChallengeAsync("", cancellationToken)}" : $"AUTH {name}";
        var reply = await connection.SayAsync($"{first}\r\n", cancellationToken);
        for (int step = 0; reply.Code == Challenge && step < MostSteps; step++)
        {
            reply = await connection.SayAsync($"{await mechanism.ChallengeAsync(reply.Text, cancellationToken)}\r\n", cancellationToken);
        }

        if (reply.Code == Challenge || !reply.IsPositive) throw new SmtpFault(SmtpFaultKind.Refused, $"it did not take this server's user name and password: {reply}");
    }
}
