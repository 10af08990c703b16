using Smxp.Mail.Smtp;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Puppets;

/// <summary>A recipient of a mail that stands for somebody on SMXP.</summary>
/// <param name="Path">As it came in RCPT.</param>
/// <param name="Puppet">The same as an address.</param>
/// <param name="Person">Whom it stands for.</param>
internal sealed record PuppetRecipient(SmtpRecipient Path, Address Puppet, Address Person);
