using Smxp.Bridge.Email.Notifications;
using Smxp.Plugins.Host;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Puppets;

/// <summary>Tells people on SMXP what became of their messages to email, in words and in the conversation: there is no row of theirs here that could show it.</summary>
internal sealed class PuppetNotices(PuppetDomain domain, IDispatch dispatch, TimeProvider time)
{
    private const string Name = "Mail Delivery System";

    /// <summary>Sends the notice, from the puppet it was written to, with the record that makes it the only one.</summary>
    /// <param name="pair">Between whom the message was.</param>
    /// <param name="id">The message.</param>
    /// <param name="conversationId">Its conversation.</param>
    /// <param name="action">What happened.</param>
    /// <param name="words">Why.</param>
    /// <param name="record">What is written with it; unique.</param>
    /// <param name="cancellationToken">Breaks off.</param>
    public Task<IntakeResult> SendAsync(PuppetPair pair, string id, string conversationId, DsnAction action, string words, BridgeRecord record, CancellationToken cancellationToken)
    {
        string what = action == DsnAction.Delayed ? "could not be delivered by email yet. It will be tried again." : "could not be delivered by email. It will not be tried again.";
        var envelope = new Envelope
        {
            From = domain.PuppetOf(pair.Correspondent).ToString(),
            To = pair.Person.ToString(),
            Timestamp = time.GetUtcNow().ToUnixTimeSeconds(),
            ConversationId = conversationId,
            InReplyTo = id,
            ContentType = "text",
            Name = Name,
            Subject = DsnWriter.Subject(action),
            Body = $"Your message to {pair.Correspondent} {what}\n\nThe reason: {words}\n",
        };
        return dispatch.SendAsync(envelope, [record], cancellationToken);
    }
}
