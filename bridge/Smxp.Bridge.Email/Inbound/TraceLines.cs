using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Smxp.Mail.Smtp;

namespace Smxp.Bridge.Email.Inbound;

/// <summary>The lines that the last server on a mail's way puts on top (RFC 5321 §4.4).</summary>
internal static class TraceLines
{
    public static string Write(SmtpTransaction transaction, string hostName, DateTimeOffset now)
    {
        var client = transaction.Client;
        string literal = client.AddressFamily == AddressFamily.InterNetworkV6 ? $"IPv6:{client}" : client.ToString();
        string date = now.ToString("ddd, d MMM yyyy HH:mm:ss +0000", CultureInfo.InvariantCulture);
        var text = new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"Return-Path: {transaction.Sender}\r\n")
            .Append(CultureInfo.InvariantCulture, $"Received: from {Clean(transaction.ClientName)} ([{literal}])\r\n\tby {hostName} with {transaction.Protocol}");
        // One recipient alone may be named; of several, none learns of the others.
        if (transaction.Recipients is [var only]) text.Append(CultureInfo.InvariantCulture, $"\r\n\tfor {only.Path}");
        return text.Append(CultureInfo.InvariantCulture, $"; {date}\r\n").ToString();
    }

    private static string Clean(string clientName) => new([.. clientName.Select(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '[' or ']' or ':' ? c : '?')]);
}
