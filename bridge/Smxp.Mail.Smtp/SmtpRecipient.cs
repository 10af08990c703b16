using Smxp.Mail.Smtp.Notifications;
using Smxp.Mail.Smtp.Paths;

namespace Smxp.Mail.Smtp;

/// <summary>A recipient, and what its sender wants to be told of the delivery (RFC 3461).</summary>
/// <param name="Path">Where the mail goes.</param>
/// <param name="Notify">When to tell the sender; null where it was left open, which means on failure and perhaps on delay.</param>
/// <param name="Original">The address the mail was first sent to; null where nobody said.</param>
public sealed record SmtpRecipient(MailPath Path, NotifyOn? Notify = null, OriginalRecipient? Original = null);
