using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Storage.Relational.Messages.Commits;

/// <summary>A delivery with its texts as the tables hold them.</summary>
/// <param name="Delivery">The delivery.</param>
/// <param name="Lane">Kind and direction.</param>
/// <param name="MessageId">The envelope's id.</param>
/// <param name="ConversationId">The conversation's id.</param>
/// <param name="Author">The sender's address, normalised.</param>
/// <param name="Recipient">The recipient's address, normalised.</param>
/// <param name="InReplyTo">What it answers, edits or deletes.</param>
/// <param name="TargetId">What an edit or delete names.</param>
/// <param name="Words">For a message, what search finds it by.</param>
internal sealed record PreparedDelivery(
    Delivery Delivery,
    int Lane,
    string MessageId,
    string ConversationId,
    string Author,
    string Recipient,
    string? InReplyTo,
    string? TargetId,
    IReadOnlyCollection<string> Words)
{
    /// <param name="delivery">The delivery.</param>
    /// <param name="beside">What was prepared before it in the same commit: a local send's two copies have the same words.</param>
    public static PreparedDelivery From(Delivery delivery, PreparedDelivery? beside)
    {
        Envelope envelope = delivery.Envelope.Envelope;
        string? inReplyTo = envelope.InReplyTo is { } named ? StoredText.Encode(named) : null;
        bool revises = envelope.Type is EnvelopeType.Edit or EnvelopeType.Delete;
        return new PreparedDelivery(
            delivery,
            Messages.Lane.Of(envelope.Type, delivery.Direction) ?? throw new ArgumentException($"'{envelope.Type}' is no type of envelope.", nameof(delivery)),
            StoredText.Encode(envelope.Id),
            StoredText.Encode(envelope.ConversationId),
            Normalize(envelope.From),
            Normalize(envelope.To),
            inReplyTo,
            revises ? inReplyTo : null,
            envelope.Type != EnvelopeType.Message ? []
                : beside is not null && ReferenceEquals(beside.Delivery.Envelope, delivery.Envelope) && beside.Delivery.SearchText == delivery.SearchText ? beside.Words
                : SearchWord.Of(envelope, delivery.SearchText));
    }

    /// <summary>An address as it is compared: <c>Bob@Example.test</c> and <c>bob@example.test</c> are one author (SMXP §1).</summary>
    public static string Normalize(string address) => StoredText.Encode(Address.TryParse(address, out Address? parsed) ? parsed.ToString() : address);
}
