using Smxp.Protocol;

namespace Smxp.Bridge.Email.Threads;

/// <summary>Knows the ancestors of outgoing messages: those that lie in mailboxes here, or those that went through here.</summary>
internal interface IOutgoingThreads
{
    /// <summary>The thread of a message; the same at every attempt.</summary>
    /// <param name="mailbox">Whose message it is.</param>
    /// <param name="envelope">The message.</param>
    /// <param name="audience">Who gets it.</param>
    /// <param name="cancellationToken">Breaks off.</param>
    Task<OutgoingThread> FindAsync(Address mailbox, Envelope envelope, IReadOnlyList<string> audience, CancellationToken cancellationToken);
}
