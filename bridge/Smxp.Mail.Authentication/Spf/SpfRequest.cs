using System.Net;

namespace Smxp.Mail.Authentication.Spf;

/// <summary>What is known of the client.</summary>
/// <param name="Client">Its address.</param>
/// <param name="Helo">What it calls itself.</param>
/// <param name="Sender">The return path, <c>local@domain</c>; empty for the null path.</param>
/// <param name="Receiver">The name of the host that checks, for explanations.</param>
internal sealed record SpfRequest(IPAddress Client, string Helo, string Sender, string Receiver);
