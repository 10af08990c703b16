using System.Globalization;
using Smxp.Bridge.Email.Inbound;
using Smxp.Mail.Smtp;

namespace Smxp.Bridge.Email.Submission;

/// <summary>The Received line of submitted mail (RFC 5321 §4.4). Where somebody sat when he wrote is nobody's to know, unless the operator wants it shown (RFC 5321 §7.6).</summary>
internal static class SubmissionTrace
{
    public static string Write(SmtpTransaction transaction, string hostName, bool showsClient, DateTimeOffset now)
    {
        if (showsClient) return TraceLines.Received(transaction, hostName, now, recipient: null);
        string date = now.ToString("ddd, d MMM yyyy HH:mm:ss +0000", CultureInfo.InvariantCulture);
        return $"Received: from client.invalid\r\n\tby {hostName} with {transaction.Protocol}; {date}\r\n";
    }
}
