using Smxp.Mail.Smtp.Replies;

namespace Smxp.Bridge.Email.Relay;

/// <summary>What is answered to recipients of hybrid domains.</summary>
internal static class RelayReplies
{
    public static SmtpReply Unknown { get; } = new(550, "5.1.1", "No such recipient here");
    public static SmtpReply Unreachable { get; } = new(451, "4.4.1", "Whether this recipient exists cannot be found out now, try again later");
    public static SmtpReply ForgedReturnPath { get; } = new(550, "5.1.1", "Not a return path that this server gave out, or too old");
    public static SmtpReply NotificationsOnly { get; } = new(550, "5.7.1", "This address takes delivery notifications only");
    public static SmtpReply Binary { get; } = new(554, "5.6.1", "Binary mail cannot be passed on to this recipient");
    public static SmtpReply Loop { get; } = new(554, "5.4.6", "This mail was relayed to this recipient before, and came back");
}
