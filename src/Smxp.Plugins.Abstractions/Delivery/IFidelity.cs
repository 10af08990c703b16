using Smxp.Protocol;

namespace Smxp.Plugins.Delivery;

/// <summary>What a recipient misses of a message that goes this way; a transport may implement it beside <see cref="ITransport"/>. Without it, nothing is missed.</summary>
public interface IFidelity
{
    /// <summary>Compares a message that might be sent with what would arrive. Called from several threads, for previews; nothing is stored or sent. Answers in no particular order.</summary>
    /// <param name="recipient">To whom.</param>
    /// <param name="envelope">The message as it would be signed; it has no id yet.</param>
    /// <param name="cancellationToken">Breaks off.</param>
    ValueTask<IReadOnlyList<Loss>> CompareAsync(Address recipient, Envelope envelope, CancellationToken cancellationToken);
}

/// <summary>One thing that does not arrive as it was sent.</summary>
/// <param name="Kind">What.</param>
/// <param name="Degree">How badly.</param>
/// <param name="Limit">For <see cref="LossKind.Size"/>: how many bytes of attachments go this way.</param>
public sealed record Loss(LossKind Kind, LossDegree Degree, long? Limit = null);

/// <summary>What a way out may not carry.</summary>
public enum LossKind
{
    /// <summary>That it can be edited later.</summary>
    Edit,

    /// <summary>That it can be taken back later.</summary>
    Delete,

    /// <summary>That its sender learns when it was read.</summary>
    Receipt,

    /// <summary>That it expires.</summary>
    Expiry,

    /// <summary>Attachments, for their size.</summary>
    Size,

    /// <summary>The body's form.</summary>
    Formatting,

    /// <summary>What attachments are beyond files: pictures embedded in the body, previews, encryption from end to end.</summary>
    TypedAttachments,
}

/// <summary>How much of it is lost.</summary>
public enum LossDegree
{
    /// <summary>It arrives in another form.</summary>
    Changed,

    /// <summary>It does not arrive.</summary>
    Lost,

    /// <summary>Because of it, the message would be refused.</summary>
    Refused,
}
