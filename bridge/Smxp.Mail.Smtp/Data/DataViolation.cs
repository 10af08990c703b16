namespace Smxp.Mail.Smtp.Data;

/// <summary>What is wrong with a mail's bytes. The first found is kept; the mail is read to its end and refused.</summary>
internal enum DataViolation
{
    None,
    BareNewline,
    LineTooLong,
    HeaderTooLarge,
    TooLarge,
}
