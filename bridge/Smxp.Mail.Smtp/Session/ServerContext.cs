using Microsoft.Extensions.Logging;
using Smxp.Mail.Smtp.Limits;

namespace Smxp.Mail.Smtp.Session;

/// <summary>What all sessions of a server share.</summary>
/// <param name="Options">What the server was told.</param>
/// <param name="Application">Who takes the mail.</param>
/// <param name="Rates">What clients may do in a minute.</param>
/// <param name="Time">The clock.</param>
/// <param name="Logger">Where faults are written.</param>
/// <param name="Aborted">Fires when the server gives up waiting for sessions to end.</param>
internal sealed record ServerContext(SmtpServerOptions Options, ISmtpApplication Application, ClientRates Rates, TimeProvider Time, ILogger Logger, CancellationToken Aborted);
