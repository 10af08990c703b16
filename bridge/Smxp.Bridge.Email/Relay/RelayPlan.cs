using Smxp.Bridge.Email.ReturnPaths;
using Smxp.Mail.Smtp.Paths;
using Smxp.Mail.Smtp.Replies;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Relay;

/// <summary>Where the recipients of a mail get it.</summary>
/// <param name="Here">Those with a mailbox here.</param>
/// <param name="Elsewhere">Those to whom it is relayed; one may be in both.</param>
/// <param name="Returned">The mails of ours that it came back to: recipients that are return paths of one mail each.</param>
/// <param name="Refusal">Why nobody gets it: it has been relayed to one of them before, and came back; null otherwise.</param>
internal sealed record RelayPlan(IReadOnlyList<Address> Here, IReadOnlyList<RelayRecipient> Elsewhere, IReadOnlyList<ReturnedMail> Returned, SmtpReply? Refusal);

/// <summary>One to whom a mail is relayed.</summary>
/// <param name="Path">As it came in RCPT.</param>
/// <param name="Target">Where it goes: the same, or, for an address that stands for somebody's return path, that one.</param>
/// <param name="Wishes">What the sender asked to be told.</param>
/// <param name="IsCopy">Whether it lies in an inbox here as well.</param>
internal sealed record RelayRecipient(MailPath Path, MailPath Target, NotificationWishes Wishes, bool IsCopy);
