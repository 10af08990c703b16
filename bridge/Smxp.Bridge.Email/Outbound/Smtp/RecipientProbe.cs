using System.Text;
using Smxp.Plugins.Delivery;

namespace Smxp.Bridge.Email.Outbound.Smtp;

/// <summary>Asks a server whether it would take mail for a recipient: an envelope as a notification has it, from nobody, and then no mail.</summary>
internal static class RecipientProbe
{
    /// <exception cref="SmtpFault">The session broke.</exception>
    public static async Task<HandOver> RunAsync(SmtpConnection connection, string server, string recipient, CancellationToken cancellationToken)
    {
        bool international = !Ascii.IsValid(recipient);
        if (international && !connection.Extensions.Utf8) return new HandOver(HandOverKind.Rejected, $"{server} does not take addresses beyond ASCII (SMTPUTF8)");
        var sender = await connection.SayAsync(international ? "MAIL FROM:<> SMTPUTF8\r\n" : "MAIL FROM:<>\r\n", cancellationToken);
        // A server that takes no mail from nobody has said nothing about the recipient.
        var outcome = new HandOver(HandOverKind.Deferred, $"{server} does not take mail with a null sender: {sender}");
        if (sender.IsPositive)
        {
            var reply = await connection.SayAsync($"RCPT TO:<{recipient}>\r\n", cancellationToken);
            outcome = reply.IsPositive
                ? new HandOver(HandOverKind.Accepted)
                : new HandOver(reply.IsPermanent ? HandOverKind.Rejected : HandOverKind.Deferred, $"{server} answered: {reply}");
        }

        if (connection.IsUsable) await ResetAsync(connection, cancellationToken);
        return outcome;
    }

    private static async Task ResetAsync(SmtpConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            connection.IsUsable = (await connection.SayAsync("RSET\r\n", cancellationToken)).IsPositive;
        }
        catch (SmtpFault)
        {
            // The answer stands; the connection serves nobody any more.
        }
    }
}
