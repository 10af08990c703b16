using Smxp.Protocol;

namespace Smxp.Bridge.Email.Notifications;

/// <summary>
/// A notice to an author on another SMXP server: SMXP has no other way to say that a message failed after it was accepted than a message in its conversation, which names it. Pure.
/// </summary>
internal static class MessageNotice
{
    /// <summary>Whom notices are by, as it is shown.</summary>
    public const string Name = "Mail Delivery System";

    private static readonly string[] Machines = ["postmaster", "mailer-daemon"];

    /// <param name="from">Who tells.</param>
    /// <param name="author">Whom.</param>
    /// <param name="recipient">To whom the message was.</param>
    /// <param name="id">The message.</param>
    /// <param name="conversationId">Its conversation.</param>
    /// <param name="action">What happened.</param>
    /// <param name="words">Why.</param>
    /// <param name="now">The time.</param>
    public static Envelope Write(Address from, Address author, Address recipient, string id, string conversationId, DsnAction action, string words, DateTimeOffset now)
    {
        string what = action == DsnAction.Delayed ? "could not be delivered by email yet. It will be tried again." : "could not be delivered by email. It will not be tried again.";
        return new Envelope
        {
            From = from.ToString(),
            To = author.ToString(),
            Timestamp = now.ToUnixTimeSeconds(),
            ConversationId = conversationId,
            InReplyTo = id,
            ContentType = "text",
            Name = Name,
            Subject = DsnWriter.Subject(action),
            Body = $"Your message to {recipient} {what}\n\nThe reason: {words}\n",
        };
    }

    /// <summary>Whether a message is such a notice, of this server or another: about it, nobody is told anything, so that notices never go round. By its author, for SMXP has no mark for it.</summary>
    public static bool Is(Envelope envelope) =>
        envelope.Name == Name || (Address.TryParse(envelope.From, out var from) && Machines.Contains(from.Local, StringComparer.OrdinalIgnoreCase));
}
