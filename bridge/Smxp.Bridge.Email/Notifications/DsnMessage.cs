using Smxp.Protocol;

namespace Smxp.Bridge.Email.Notifications;

/// <summary>A delivery status notification as the message that its reader's mailbox here shows. Pure.</summary>
internal static class DsnMessage
{
    /// <param name="report">What it says.</param>
    /// <param name="reader">To whom.</param>
    /// <param name="conversationId">The conversation it is put in.</param>
    /// <param name="about">The message it speaks of, where the reader has it; null otherwise.</param>
    public static Envelope Write(DsnReport report, Address reader, string conversationId, string? about) => new()
    {
        From = Address.TryParse($"mailer-daemon@{report.ReportingServer}", out var daemon) ? daemon.ToString() : $"mailer-daemon@{reader.Domain}",
        To = reader.ToString(),
        Timestamp = report.Date.ToUnixTimeSeconds(),
        ConversationId = conversationId,
        InReplyTo = about,
        ContentType = "text",
        Name = MessageNotice.Name,
        Subject = DsnWriter.Subject(report.Action),
        Body = DsnWriter.Words(report),
    };
}
