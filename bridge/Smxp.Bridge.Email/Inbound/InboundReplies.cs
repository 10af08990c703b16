using Smxp.Mail.Smtp.Replies;

namespace Smxp.Bridge.Email.Inbound;

/// <summary>What the bridge, and not the SMTP server, has to say.</summary>
internal static class InboundReplies
{
    public static SmtpReply BadRecipient { get; } = new(553, "5.1.3", "Not an address that could be served here");
    public static SmtpReply UnknownRecipient { get; } = new(550, "5.1.1", "No such recipient here");
    public static SmtpReply RelayingDenied { get; } = new(550, "5.7.1", "Relaying denied");
    public static SmtpReply NotYourAddress { get; } = new(550, "5.7.1", "You may send as the address you signed in with, and as no other");
    public static SmtpReply TooManyHops { get; } = new(554, "5.4.6", "Too many hops; this mail goes in circles");
    public static SmtpReply TooComplex { get; } = new(554, "5.6.0", "Too many parts or header fields");
    public static SmtpReply NoAuthor { get; } = new(554, "5.6.0", "The mail names no author: From is missing or not an address");

    public static SmtpReply Refused(string why) => new(554, "5.6.0", why);
}
