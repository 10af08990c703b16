using Smxp.Plugins.Delivery;
using Smxp.Protocol;

namespace Smxp.Plugins.Bridge;

/// <summary>A bridge to another world of mail. It puts messages in through <see cref="Host.IMessageIntake"/> and carries them out through its transports.</summary>
public interface IBridge
{
    /// <summary>The name in rows, logs and URLs, e.g. <c>email</c>.</summary>
    string Name { get; }

    /// <summary>The ways out it adds.</summary>
    IReadOnlyList<ITransport> Transports { get; }

    /// <summary>Opens its listeners. Called after every driver has started; an exception stops the start, and its message is shown to the operator.</summary>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Stops accepting, then ends what is under way within the token's time.</summary>
    Task StopAsync(CancellationToken cancellationToken);

    /// <summary>The original of a message as the other world sent it; null where there is none. Served at <c>GET /.smxp/bridge/{name}/messages/{id}/original</c> to the mailbox's owner.</summary>
    Task<OriginalDocument?> OpenOriginalAsync(Address mailbox, string messageId, CancellationToken cancellationToken);
}

/// <summary>The original bytes of a message.</summary>
/// <param name="ContentType">Their media type, e.g. <c>message/rfc822</c>.</param>
/// <param name="Bytes">The bytes; disposed by the caller.</param>
public sealed record OriginalDocument(string ContentType, Stream Bytes);
