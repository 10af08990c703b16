using Smxp.Bridge.Email.Notifications;
using Smxp.Plugins.Host;
using Smxp.Plugins.Storage;

namespace Smxp.Bridge.Email.Puppets;

/// <summary>Tells people on SMXP what became of their messages to email, in words and in the conversation: there is no row of theirs here that could show it.</summary>
internal sealed class PuppetNotices(PuppetDomain domain, IDispatch dispatch, TimeProvider time)
{
    /// <summary>Sends the notice, from the puppet it was written to, with the record that makes it the only one.</summary>
    /// <param name="pair">Between whom the message was.</param>
    /// <param name="id">The message.</param>
    /// <param name="conversationId">Its conversation.</param>
    /// <param name="action">What happened.</param>
    /// <param name="words">Why.</param>
    /// <param name="records">What is written with it; one of them unique.</param>
    /// <param name="cancellationToken">Breaks off.</param>
    public Task<IntakeResult> SendAsync(
        PuppetPair pair, string id, string conversationId, DsnAction action, string words, IReadOnlyList<BridgeRecord> records, CancellationToken cancellationToken) =>
        dispatch.SendAsync(
            MessageNotice.Write(domain.PuppetOf(pair.Correspondent), pair.Person, pair.Correspondent, id, conversationId, action, words, time.GetUtcNow()), records, cancellationToken);
}
