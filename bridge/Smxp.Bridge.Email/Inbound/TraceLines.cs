using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Smxp.Mail.Smtp;
using Smxp.Mail.Smtp.Paths;

namespace Smxp.Bridge.Email.Inbound;

/// <summary>The lines that the last server on a mail's way puts on top (RFC 5321 §4.4), with what it found out about the mail (RFC 8601).</summary>
internal static class TraceLines
{
    public static string Write(SmtpTransaction transaction, string hostName, DateTimeOffset now, string results = "")
    {
        // One recipient alone may be named; of several, none learns of the others.
        string received = Received(transaction, hostName, now, transaction.Recipients is [var only] ? only.Path : null);
        // RFC 8601 §4.1: above the Received line of the server that found it out.
        return $"Return-Path: {transaction.Sender}\r\n{results}{received}";
    }

    /// <summary>The Received line alone: for mail that goes on, whose Return-Path the last server writes.</summary>
    public static string Received(SmtpTransaction transaction, string hostName, DateTimeOffset now, MailPath? recipient)
    {
        var client = transaction.Client;
        string literal = client.AddressFamily == AddressFamily.InterNetworkV6 ? $"IPv6:{client}" : client.ToString();
        string date = now.ToString("ddd, d MMM yyyy HH:mm:ss +0000", CultureInfo.InvariantCulture);
        var text = new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"Received: from {Clean(transaction.ClientName)} ([{literal}])\r\n\tby {hostName} with {transaction.Protocol}");
        if (recipient is not null) text.Append(CultureInfo.InvariantCulture, $"\r\n\tfor {recipient}");
        return text.Append(CultureInfo.InvariantCulture, $"; {date}\r\n").ToString();
    }

    private static string Clean(string clientName) => new([.. clientName.Select(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '[' or ']' or ':' ? c : '?')]);
}
