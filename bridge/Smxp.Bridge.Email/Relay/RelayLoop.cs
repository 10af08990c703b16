using MimeKit;
using Smxp.Mail.Smtp.Paths;

namespace Smxp.Bridge.Email.Relay;

/// <summary>
/// Whether a mail that is about to be relayed was relayed to the same recipient before and came back: its Received lines say so (ours name the recipient), or a Delivered-To line of the
/// legacy server. The same mail for another recipient, by way of a list or an alias over there, is none.
/// </summary>
internal static class RelayLoop
{
    public static bool HasComeBack(MimeMessage message, MailPath recipient, string hostName)
    {
        string address = recipient.ToString()[1..^1], by = $"by {hostName} with ", to = $"for {recipient}";
        foreach (var header in message.Headers)
        {
            string value = header.Value.Trim();
            if (header.Field.Equals("Delivered-To", StringComparison.OrdinalIgnoreCase) && value.Trim('<', '>').Equals(address, StringComparison.OrdinalIgnoreCase)) return true;
            if (header.Id == HeaderId.Received && value.Contains(by, StringComparison.OrdinalIgnoreCase) && value.Contains(to, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }
}
