using Smxp.Mail.Smtp.Replies;

namespace Smxp.Bridge.Email.Puppets;

/// <summary>What is answered to recipients of the puppet domain.</summary>
internal static class PuppetReplies
{
    public static SmtpReply Unknown { get; } = new(550, "5.1.1", "No such recipient here");
    public static SmtpReply NotForOurs { get; } = new(550, "5.7.1", "Who has a mailbox here writes to people on SMXP by SMXP");
}
