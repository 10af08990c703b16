using System.Net;

namespace Smxp.Mail.Authentication;

/// <summary>A mail as it came.</summary>
public sealed record AuthenticationRequest
{
    /// <summary>The client's address.</summary>
    public required IPAddress Client { get; init; }

    /// <summary>What the client calls itself in HELO or EHLO.</summary>
    public required string Helo { get; init; }

    /// <summary>The return path, <c>local@domain</c> without brackets; empty for the null path.</summary>
    public required string MailFrom { get; init; }

    /// <summary>Every address of every From field, <c>local@domain</c>.</summary>
    public required IReadOnlyList<string> HeaderFrom { get; init; }

    /// <summary>Opens the message's original octets from their start. Called once; the stream is read from front to back and disposed.</summary>
    public required Func<CancellationToken, ValueTask<Stream>> OpenMessage { get; init; }
}
